"""What the pages' texts are in other languages: one file for each, as gettext has them (`catalogues/es.po`)."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from hotline.model import Language

FOLDER: Final = Path(__file__).with_name("catalogues")
OFFERED: Final = (Language.EN, Language.ES)
"""In which languages the pages can be read."""
IN_SCRIPTS: Final = "script"
"""The context of texts that the browser's scripts say."""
_ENGLISH: Final = NullTranslations()


def translations(language: Language) -> NullTranslations:
    """The texts of this language, read once in a process; English is what the sources have."""
    return _ENGLISH if language is Language.EN else _read(language)


@cache
def script_texts(language: Language) -> dict[str, str | list[str]]:
    """What the browser's scripts say, by its English; empty in English. Of texts with a number: of one, of many."""
    if language is Language.EN:
        return {}
    with path(language).open("rb") as file:
        catalogue = read_po(file)
    return {_alone(one.id): _plain(one.string) for one in catalogue if one.context == IN_SCRIPTS}


def path(language: Language) -> Path:
    """Where its catalogue is."""
    return FOLDER / f"{language.value}.po"


@cache
def _read(language: Language) -> GNUTranslations:
    made = BytesIO()
    with path(language).open("rb") as file:
        write_mo(made, read_po(file))
    made.seek(0)
    return GNUTranslations(made)


def _alone(text: str | list[str] | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def _plain(text: str | list[str] | tuple[str, ...] | None) -> str | list[str]:
    return text if isinstance(text, str) else list(text or ())
