"""What keeps the house in order finds what it is there to find."""

from __future__ import annotations

from pathlib import Path

from tools import rooms


def test_nothing_imports_itself_by_way_of_others() -> None:
    """In the whole house, imports for types included."""
    known = rooms.modules()
    assert rooms.circle({name: rooms.imported(name, file, known) for name, file in known.items()}) == []


def test_a_circle_is_found_also_if_it_is_for_types_only(tmp_path: Path) -> None:
    """One module imports another, which names the first within `if TYPE_CHECKING`."""
    written = {
        "hotline.one": "from hotline import two\n",
        "hotline.two": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .one import Thing\n",
    }
    known = {name: tmp_path / f"{name.rpartition('.')[2]}.py" for name in written}
    for name, text in written.items():
        known[name].write_text(text, encoding="utf-8")
    found = rooms.circle({name: rooms.imported(name, file, known) for name, file in known.items()})
    assert set(found) == set(written)


def test_a_folder_that_holds_too_many_is_found_but_for_the_migrations() -> None:
    """Fifteen are a room; one more is a heap. Packages count for nothing."""
    most = [rooms.HOUSE / "attic" / f"thing_{n}.py" for n in range(rooms.AT_MOST)]
    most.append(rooms.HOUSE / "attic" / "__init__.py")
    migrations = [rooms.HOUSE / "store" / "migrations" / "versions" / f"r{n:04}.py" for n in range(40)]
    assert rooms.overfull([*most, *migrations]) == {}
    assert rooms.overfull([*most, rooms.HOUSE / "attic" / "one_more.py"]) == {"attic": rooms.AT_MOST + 1}
