"""The console's texts in other languages: finds all in the sources, and brings the catalogues in step (`make texts`).

What is new stands in a catalogue without a translation; what is gone is gone there, too. `--check` only tells.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from hotline.console.language.catalogue import IN_SCRIPTS, OFFERED, path
from hotline.model import Language
from hotline.settings.explained import explained

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCES: Final = ROOT / "hotline"
_PLAIN: Final = frozenset({"gettext", "worded"})
_MANY: Final = frozenset({"ngettext", "several", "worded_many"})
_SAID: Final = re.compile(r'\bsay(?:Many)?\("([^"\\]+)"(?:, "([^"\\]+)")?')
"""Of a script: texts in double quotes, with nothing in them that would have to be escaped."""
_CODE: Final = re.compile(r"(?:`[^`]*`(?:, | and )?)+")
_WIDTH: Final = 110

Text = tuple[str, str | tuple[str, str], str | None]
"""In which file, the text (or of one and of many), and its context."""


def texts() -> Iterator[Text]:
    """Every text of the sources."""
    for file in sorted(SOURCES.rglob("*")):
        found = {".py": _in_python, ".html": _in_template, ".js": _in_script}.get(file.suffix)
        if found is not None:
            where = file.relative_to(ROOT).as_posix()
            yield from ((where, text, context) for text, context in found(file))
    for text in _of_settings():
        yield "docs/settings.md", text, None


def template() -> Catalog:
    """A catalogue of all texts, without translations."""
    made = Catalog(project="Hotline", fuzzy=False)
    for where, text, context in texts():
        made.add(text, locations=[(where, 0)], context=context)
    return made


def read(language: Language) -> Catalog:
    """The catalogue of a language, as it is."""
    with path(language).open("rb") as file:
        return read_po(file)


def in_step(language: Language) -> bytes:
    """The catalogue's file as it should be: the sources' texts, with the translations that there are."""
    kept, found = read(language), template()
    made = Catalog(project="Hotline", fuzzy=False, header_comment=kept.header_comment)
    made.mime_headers = kept.mime_headers
    for one in found:
        if one.id:
            known = kept.get(_first(one.id), one.context)
            same = known is not None and _both(known.id) == _both(one.id)
            made.add(
                one.id,
                known.string if known is not None and same else None,
                locations=sorted(set(one.locations)),
                user_comments=known.user_comments if known is not None else (),
                context=one.context,
            )
    written = BytesIO()
    write_po(written, made, width=_WIDTH, sort_output=True, include_lineno=False)
    return written.getvalue()


def untranslated(language: Language) -> list[str]:
    """Texts that it doesn't have, in English."""
    return [_first(one.id) for one in read(language) if one.id and not all(_both(one.string))]


def _of_settings() -> Iterator[str]:
    """What each setting is for, and what holds without it where that is said in words."""
    for table in explained():
        yield from (text for text in (table.about, *(one.words for one in table.settings)) if text)
        for one in table.settings:
            default = one.default.removesuffix(", secret")
            if default and default != "required" and not _CODE.fullmatch(default):
                yield default


def _first(text: str | list[str] | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def _both(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def _in_python(file: Path) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        given = [
            one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
        if name in _PLAIN and given:
            yield given[0], None
        elif name in _MANY and len(given) > 1:
            yield (given[0], given[1]), None
        elif name == "pgettext" and len(given) > 1:
            yield given[1], given[0]
        elif name == "Words" and node.args and isinstance(node.args[0], ast.Dict):
            yield from ((text, None) for text in _of_table(node.args[0]))


def _of_table(table: ast.Dict) -> Iterator[str]:
    for value in table.values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
            yield value.value


def _in_template(file: Path) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    options = {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"}
    with file.open("rb") as source:
        for _, function, found, _ in babel_extract(
            source, ("_", "gettext", "ngettext", "pgettext", "npgettext"), (), options
        ):
            match function, found:
                case "pgettext", (str(context), str(text), *_):
                    yield text, context
                case "npgettext", (str(context), str(one), str(many), *_):
                    yield (one, many), context
                case "ngettext", (str(one), str(many), *_):
                    yield (one, many), None
                case _, (str(text), *_):
                    yield text, None
                case _, str(text):
                    yield text, None
                case _:
                    raise ValueError(f"{file}: {function} of something that isn't a text: {found!r}")


def _in_script(file: Path) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    for one, many in _SAID.findall(file.read_text("utf-8")):
        yield (one, many) if many else one, IN_SCRIPTS


def main(given: list[str]) -> int:
    """Bring them in step, and tell what they don't have; 1 if anything is missing, or `--check` finds a change."""
    wrong = 0
    for language in OFFERED:
        if language is Language.EN:
            continue
        file, wanted = path(language), in_step(language)
        if file.read_bytes() != wanted:
            if "--check" in given:
                print(f"{file.name}: not in step with the sources: make texts", file=sys.stderr)  # noqa: T201
                wrong = 1
            else:
                file.write_bytes(wanted)
        for text in untranslated(language):
            print(f"{file.name}: no translation: {text}", file=sys.stderr)  # noqa: T201
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
