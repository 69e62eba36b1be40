"""Words that end our calls as well as our texts: "stop calling me", as the whole message, in four languages.

A list that can be read, like the carrier's own keywords: learned reading takes "don't call me anymore" for a goodbye,
and 47 CFR 64.1200(a)(10) lets people revoke in any reasonable words. About somebody else ("stop calling my mom"), or
about this one call ("cancel my call"), are other sentences.
"""

from __future__ import annotations

import re
from typing import Final

from hotline.triage.meaning import plain

_AROUND: Final = r"(?:please|pls|hey|hi|hello|ok|just|now|por favor|favor|tanpri|souple|ya)"
_ME: Final = r"(?: (?:me|us|here|this (?:number|phone)|my (?:number|phone|cell)))?"
_MORE: Final = r"(?: (?:again|anymore|any more|ever|ever again))"
_CALL: Final = r"(?:call|contact|phone|text|message|bother)(?: (?:or|and) (?:text|call))?"
_CALLING: Final = r"(?:call|contact|phon|text|messag|bother)ing(?: (?:or|and) (?:texting|calling))?"
_SAID: Final = (
    # English
    rf"(?:stop|quit) {_CALLING}{_ME}{_MORE}?",
    rf"(?:do not|don t|dont|never) (?:you )?(?:ever )?{_CALL}{_ME}{_MORE}",
    r"(?:i (?:want|wish) )?no more (?:calls|phone calls|calls or texts|texts or calls|contact)",
    rf"i (?:do not|don t|dont) want (?:any more calls|more calls|to be (?:called|contacted){_MORE}?)",
    # Spanish
    r"(?:dejen?|paren?) de (?:llamar|llamarme|contactarme|molestarme|escribirme)(?: (?:mas|a este numero))?",
    r"no (?:me )?(?:llame|llamen|llames|contacten|contacte|escriban)(?: nunca)? (?:mas|otra vez|de nuevo)",
    r"no quiero (?:mas|recibir(?: mas)?) llamadas",
    # Portuguese
    r"(?:pare|parem|para|deixem? de) (?:de )?(?:me )?(?:ligar|chamar|contatar)(?: mais)?(?: (?:pra|para) mim)?",
    r"nao (?:me )?(?:liguem?|ligue|liga|contatem?)(?: (?:pra|para) mim)? (?:mais|de novo|nunca mais)",
    r"nao quero mais (?:ligacoes|chamadas)",
    # Haitian Creole
    r"(?:sispann|sispan|rete) (?:rele|kontakte) (?:m|mwen)",
    r"pa (?:rele|kontakte) (?:m|mwen) anko",
    r"m pa vle (?:lot )?apel anko",
)
_WHOLE: Final = re.compile(rf"(?:{_AROUND} )*(?:{'|'.join(_SAID)})(?: {_AROUND})*")

_NAMED: Final = re.compile(
    r"\b(?:calls?|calling|called|llamadas?|llam(?:ar|arme|es?|en)|ligar|liguem?|ligacoes|ligacao|chamadas?|rele|apel)\b"
)


def stops_calls(words: str) -> bool:
    """Whether the whole message says that we must not call any more."""
    return len(words) < 120 and _WHOLE.fullmatch(plain(words)) is not None


def names_calls(words: str) -> bool:
    """Whether a message that ends texts, in whatever words, speaks of calls too."""
    return stops_calls(words) or _NAMED.search(plain(words)) is not None


_KEPT: Final = re.compile(
    r"\b(?:(?:call|phone|ring) me|(?:just|only) (?:call|phone)|(?:phone )?calls only|llam[ea]n?me"
    r"|(?:mejor|si me necesitan|pueden) llam\w+|solo (?:por )?llamadas?|me ligu?[ae]m?|podem? ligar|liguem"
    r"|melhor ligar|so (?:por )?ligacao|rele (?:m|mwen)|apel selman)\b"
    r"(?! (?:again|anymore|any more|one more|ever|mas|mais|nunca|anko|ni|nor|or)\b)"
)
# fmt: off
_DENIED: Final = frozenset((
    "not", "t", "dont", "never", "stop", "nor", "or", "no", "nunca", "ni", "nao", "nem", "ou", "pa", "n", "oswa",
))
# fmt: on
"""Right before it, they say the opposite."""


def keeps_calls(words: str) -> bool:
    """Whether a message that ends texts asks for calls all the same: "no texts please, just call me"."""
    said = plain(words)
    return any(
        _DENIED.isdisjoint(said[: found.start()].split()[-1:]) for found in _KEPT.finditer(said)
    ) and not stops_calls(words)
