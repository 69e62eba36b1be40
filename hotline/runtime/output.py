"""What several processes say, on one terminal: each line whole, after the name of who said it."""

from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import TextIO

_COLOURS = (36, 32, 33, 35, 34, 96, 92, 93)
_WIDTH = 16


class Output:
    """Writes to ``stream``; a stream that was closed by its reader is no reason to stop. ``unsaid``: by name, what
    stands in lines that are left out."""

    def __init__(self, stream: TextIO, unsaid: Mapping[str, str] = MappingProxyType({})) -> None:
        self._stream = stream
        self._unsaid = unsaid
        self._colourful = stream.isatty()
        self._unfinished: dict[str, bytes] = {}
        self._colours: dict[str, int] = {}

    def say(self, name: str, data: bytes) -> None:
        """Print the lines in ``data`` that are complete; the rest waits for its end."""
        *lines, rest = (self._unfinished.pop(name, b"") + data).split(b"\n")
        if rest:
            self._unfinished[name] = rest
        for line in (each.decode("utf-8", "replace") for each in lines):
            if name not in self._unsaid or self._unsaid[name] not in line:
                self._print(name, line)

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
