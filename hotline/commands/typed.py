"""What people type for a command: asked for, or read from standard input, so that no list of processes shows it."""

import sys


def private(given: str | None, prompt: str) -> str:
    """What was given on the command line, with a warning; else what is typed, or one line of standard input."""
    if given is not None and given != "-":
        warn()
        return given
    if sys.stdin.isatty():
        return input(f"{prompt}: ").strip()
    return sys.stdin.readline().strip()


def warn() -> None:
    """Somebody's number or words stand on the command line."""
    print(
        "Whatever is on the command line can be seen in the list of processes, and stays in the shell's history: "
        "leave it out, and it is asked for.",
        file=sys.stderr,
    )
