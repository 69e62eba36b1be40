"""The ``hotline`` command, also as ``python -m hotline``."""

from __future__ import annotations

import sys

from hotline.runtime.loading import loading


def main() -> int:
    """Do what the command line says; the exit code."""
    with loading():
        from hotline.commands import cli  # noqa: PLC0415  # here it can be loaded as all should be
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
