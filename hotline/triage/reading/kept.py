"""What the reading knows, as it is kept in files of its own: a checksum, and what it is of, compressed: a head
as JSON, and the rest."""

from __future__ import annotations

import hashlib
import json
import struct
import sys
import zlib
from array import array
from io import BytesIO
from typing import Any


def closed(head: object, rest: bytes) -> bytes:
    """As it is kept."""
    written = json.dumps(head).encode()
    whole = zlib.compress(struct.pack("<I", len(written)) + written + rest, 9)
    return hashlib.sha256(whole).digest() + whole


def opened(kept: bytes, name: str, made_by: str) -> tuple[Any, BytesIO]:
    """Head and rest of what was kept so; raises ValueError, with how to make it anew, if a bit of it is another."""
    if hashlib.sha256(kept[32:]).digest() != kept[:32]:
        raise ValueError(f"{name} is damaged: make it anew with `python -m tools.{made_by}`")
    rest = BytesIO(zlib.decompress(kept[32:]))
    (size,) = struct.unpack("<I", rest.read(4))
    return json.loads(rest.read(size)), rest


def row_closed(row: array[int]) -> bytes:
    """A row of numbers: how many they are, then each, the lowest byte first."""
    return struct.pack("<I", len(row)) + _low_first(row).tobytes()


def row_opened(rest: BytesIO, kind: str) -> array[int]:
    """The next row, of this kind of numbers."""
    (count,) = struct.unpack("<I", rest.read(4))
    row = array(kind)
    row.frombytes(rest.read(count * row.itemsize))
    return _low_first(row)


def _low_first(row: array[int]) -> array[int]:
    """The same numbers, from this machine's order of bytes or into it."""
    if sys.byteorder == "big":
        row = row[:]
        row.byteswap()
    return row
