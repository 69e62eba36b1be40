"""How many statements something costs the database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.engine import Engine


@contextmanager
def counted(most: int) -> Iterator[list[str]]:
    """No more statements than this run meanwhile; if there are, each is shown by what it does to which table.

    The BEGIN and COMMIT around them are not counted.
    """
    ran: list[str] = []

    def count(*args: object) -> None:
        if not str(args[2]).startswith("BEGIN"):
            ran.append(_named(str(args[2])))

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield ran
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    assert len(ran) <= most, "\n".join([f"{len(ran)} statements, {most} allowed:", *ran])


def _named(statement: str) -> str:
    does = statement.split(maxsplit=1)[0]
    tables = re.findall(r"(?:FROM|JOIN|INTO|UPDATE) (\w+)", statement)
    return f"{does} {', '.join(dict.fromkeys(tables))}"
