"""A document written as TOML; Python reads that format but does not write it."""

import json
from collections.abc import Iterator, Mapping


def toml_text(document: Mapping[str, object]) -> str:
    """``document`` as TOML: texts, numbers, truth values, lists, tables and lists of tables.

    Raises TypeError for anything else; an entry that is None is left out, for TOML has no word for it.
    """
    return "\n".join(_table(document, ())).strip() + "\n"


def _table(table: Mapping[str, object], place: tuple[str, ...]) -> Iterator[str]:
    below: list[tuple[str, object]] = []
    for key, value in table.items():
        if isinstance(value, Mapping) or _holds_tables(value):
            below.append((key, value))
        elif value is not None:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in below:
        inner = (*place, key)
        name = ".".join(map(_key, inner))
        header, tables = (f"[{name}]", [value]) if isinstance(value, Mapping) else (f"[[{name}]]", value)
        for each in tables:  # type: ignore[attr-defined]  # a list, or it would not hold tables
            yield from ("", header, *_table(each, inner))


def _holds_tables(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and isinstance(value[0], Mapping)


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else _value(key)


def _value(value: object) -> str:
    match value:
        case bool() | int() | float():
            return json.dumps(value)
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            raise TypeError(f"TOML can't hold a {type(value).__name__}")
