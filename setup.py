"""What pyproject.toml can't say: the Procfile, which stands at the top for platforms, belongs into the wheel too."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class WithProcfile(build_py):
    """setuptools' own, and the Procfile beside the package's modules, where `hotline run` looks for it."""

    def run(self) -> None:
        """Copy the package, then the Procfile."""
        super().run()
        if not self.editable_mode:
            self.copy_file(str(Path(__file__).with_name("Procfile")), str(Path(self.build_lib) / "hotline"))


setup(cmdclass={"build_py": WithProcfile})
