"""What several processes say, on one terminal: each line whole, after the name of who said it."""

from contextlib import suppress
from typing import TextIO

_COLOURS = (36, 32, 33, 35, 34, 96, 92, 93)
_WIDTH = 16


class Output:
    """Writes to ``stream``; a stream that was closed by its reader is no reason to stop."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._colourful = stream.isatty()
        self._unfinished: dict[str, bytes] = {}
        self._colours: dict[str, int] = {}

    def say(self, name: str, data: bytes) -> None:
        """Print the lines in ``data`` that are complete; the rest waits for its end."""
        *lines, rest = (self._unfinished.pop(name, b"") + data).split(b"\n")
        if rest:
            self._unfinished[name] = rest
        for line in lines:
            self._print(name, line.decode("utf-8", "replace"))

    def note(self, news: str | None) -> None:
        """Print a line of the supervisor's own."""
        if news:
            self._print("hotline", news)

    def _print(self, name: str, line: str) -> None:
        colour = self._colours.setdefault(name, _COLOURS[len(self._colours) % len(_COLOURS)])
        prefix = f"{name:<{_WIDTH}}| "
        if self._colourful:
            prefix = f"\033[{colour}m{prefix}\033[0m"
        with suppress(OSError, ValueError):
            self._stream.write(f"{prefix}{line}\n")
            self._stream.flush()
