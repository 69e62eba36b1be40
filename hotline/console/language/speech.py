"""In which language this page is told, and its texts in it.

Texts stand in the sources in English: `_("...")` in templates, `gettext("...")` in views, `Words({...})` for tables of
them, and `worded("...")` on the floors below, which know of no reader. Outside a request everything is English.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, TypeVar

from flask import Flask, Request, request, session

from hotline.console.language import catalogue
from hotline.model import NOT_KNOWN, KeptWord, Language, is_known
from hotline.worded import Worded, filled, put

K = TypeVar("K")
_CHOSEN: Final = "language"
_NOW: ContextVar[Language | Callable[[], Language]] = ContextVar("language", default=Language.EN)
"""The language, or what finds out when the first text is asked for: a 304 asks for none."""


def install(app: Flask, readers: Callable[[], Language | None]) -> None:
    """Tell every page of the app in its reader's language. `readers`: what whoever is signed in has chosen."""

    def begin() -> None:
        _NOW.set(lambda: asked_for(readers(), session, request))

    def end(_: BaseException | None) -> None:
        _NOW.set(Language.EN)

    app.before_request(begin)
    app.teardown_request(end)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension brings it
        gettext, _one_or_many, newstyle=True, pgettext=pgettext, npgettext=_one_or_many_there
    )
    app.jinja_env.globals.update(page_language=language, script_texts=_script_texts)
    app.jinja_env.filters["translated"] = translated


def language() -> Language:
    """In which language this page is told."""
    now = _NOW.get()
    if not isinstance(now, Language):
        now = now()
        _NOW.set(now)
    return now


@contextmanager
def in_english() -> Iterator[None]:
    """What is told within is English, whoever reads: files that leave the house, and what is kept."""
    before = _NOW.set(Language.EN)
    try:
        yield
    finally:
        _NOW.reset(before)


def asked_for(reads: Language | None, kept: Mapping[str, object], asking: Request) -> Language:
    """The language of the answer to whoever `reads` this one by their own choice, has that `kept` in their browser's
    cookie, and asks so."""
    theirs = reads if reads is not None and is_known(reads) else None
    return theirs or _offered(kept.get(_CHOSEN)) or _by_browser(asking)


def choose(wanted: Language | None) -> None:
    """Let this browser ask for pages in this language, until whoever signs in has chosen another; None: in its own."""
    session[_CHOSEN] = wanted
    _NOW.set(wanted or _by_browser(request))


def chosen() -> Language | None:
    """What was chosen in this browser, by whoever isn't signed in."""
    return _offered(session.get(_CHOSEN))


def gettext(english: str, /, **values: object) -> str:
    """A text in the page's language; `values` go where it has `%(name)s`."""
    return filled(catalogue.translations(language()).gettext(english), _put(values))


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """The same of a text that depends on a number, which goes where it has `%(num)s`."""
    return filled(_one_or_many(one, many, number), {"num": number, **_put(values)})


def several(one: str, many: str) -> tuple[str, str]:
    """A text that depends on a number, noted for `ngettext`."""
    return one, many


def pgettext(context: str, english: str, /, **values: object) -> str:
    """The same of a word that means something else elsewhere; `context` says which it is."""
    return filled(catalogue.translations(language()).pgettext(context, english), _put(values))


def translated(words: str) -> str:
    """What a lower floor has put together, or a text that was noted with `worded`, in the page's language."""
    told = catalogue.translations(language())
    return put(words, told.gettext, told.ngettext)


class Words(Mapping[K, str]):
    """A table of texts: each is in the page's language when it is looked up. Words that are kept and that this version
    doesn't know are told as such."""

    def __init__(self, english: Mapping[K, str]) -> None:
        self._english = dict(english)

    def __getitem__(self, key: K) -> str:
        english = self._english[key] if key in self._english else _of_tomorrow(key)
        return translated(english)

    def __contains__(self, key: object) -> bool:
        return key in self._english

    def __iter__(self) -> Iterator[K]:
        return iter(self._english)

    def __len__(self) -> int:
        return len(self._english)


def _of_tomorrow(key: object) -> str:
    if isinstance(key, KeptWord) and not is_known(key):
        return NOT_KNOWN
    raise KeyError(key)


def _put(values: Mapping[str, object]) -> Mapping[str, object]:
    return {name: translated(value) if isinstance(value, Worded) else value for name, value in values.items()}


def _one_or_many(one: str, many: str, number: int) -> str:
    return catalogue.translations(language()).ngettext(one, many, number)


def _one_or_many_there(context: str, one: str, many: str, number: int) -> str:
    return catalogue.translations(language()).npgettext(context, one, many, number)


def _script_texts() -> dict[str, str | list[str]]:
    return catalogue.script_texts(language())


def _by_browser(asking: Request) -> Language:
    best = asking.accept_languages.best_match([one.value for one in catalogue.OFFERED])
    return _offered(best) or Language.EN


def _offered(value: object) -> Language | None:
    return next((one for one in catalogue.OFFERED if one.value == value), None)
