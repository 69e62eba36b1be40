"""What pyproject.toml can't say: the Procfile, which stands at the top for platforms, and the centre's file with every
default belong into the wheel too."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class WithProcfile(build_py):
    """setuptools' own, and beside the package's modules the Procfile, where `hotline run` looks for it, and
    hotline.toml, which `hotline setup` fills in."""

    def run(self) -> None:
        """Copy the package, then these two."""
        super().run()
        if not self.editable_mode:
            for name in ("Procfile", "hotline.toml"):
                self.copy_file(str(Path(__file__).with_name(name)), str(Path(self.build_lib) / "hotline"))


setup(cmdclass={"build_py": WithProcfile})
