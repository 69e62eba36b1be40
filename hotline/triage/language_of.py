"""The language that a message is written in, as far as a few words tell; switched to only where it is clear.

Counted are words that are common in one of the four languages and not written like that in the others, and letters
that only one of them has. A wrong switch answers somebody in words that they can't read, a missed one in those that
they were answered in before: so one doubtful word changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Final

from hotline.model import Language

_LONGEST: Final = 2000
"""Letters; the rest would change nothing."""
_CLEAR: Final = 1.5
_AHEAD: Final = 1.4
"""Votes that are enough, and how many times those of any other language they must be."""

_ALONE: Final[dict[str, Language]] = {
    "ayuda": Language.ES,
    "hola": Language.ES,
    "buenas": Language.ES,
    "tratamiento": Language.ES,
    "emergencia": Language.ES,
    "gracias": Language.ES,
    "ahora": Language.ES,
    "llamame": Language.ES,
    "llameme": Language.ES,
    "ajuda": Language.PT,
    "oi": Language.PT,
    "olá": Language.PT,
    "socorro": Language.PT,
    "tratamento": Language.PT,
    "emergência": Language.PT,
    "obrigado": Language.PT,
    "obrigada": Language.PT,
    "agora": Language.PT,
    "èd": Language.HT,
    "ede": Language.HT,
    "bonjou": Language.HT,
    "bonswa": Language.HT,
    "alo": Language.HT,
    "ijans": Language.HT,
    "tretman": Language.HT,
    "mesi": Language.HT,
    "mèsi": Language.HT,
    "fanmi": Language.HT,
    "help": Language.EN,
    "hello": Language.EN,
    "treatment": Language.EN,
    "thanks": Language.EN,
    "emergency": Language.EN,
}
"""Words that tell even as the whole message. Bare STOP, START, HELP and INFO are in no language: see `_NOBODYS`."""
_NOBODYS: Final = frozenset({"help", "info", "stop", "start", "yes", "ok"})
"""The carriers' keywords are told to everybody, in every language: alone they say nothing about theirs."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_COMMON: Final[dict[Language, frozenset[str]]] = {
    Language.EN: _set(
        "the and is are was were i im my he she they it this that you your not dont doesnt cant wont didnt "
        "have has had what when where how who why because please need want help going get got just with from "
        "wake breathing took him her them too much really been know think call me someone somebody about "
        "son daughter brother sister friend husband wife mom dad mother father will would could there now "
        "at an in on to of for or so if his its shes hes whats im ive ill id ready speak sure asleep does "
        "any after before again been by down first last looking more most near next no number off once only "
        "our out over people some take taken than then these two us way week well which without year years"
    ),
    Language.ES: _set(
        "el los las una y está esta esto es estoy estamos yo tu usted su sus mi mis hijo hija hermano hermana "
        "amigo amiga esposo esposa mamá mama papá pero porque muy ya hay tengo tiene quiero quiere puedo puede "
        "necesito necesita ayuda ayúdeme ayudame despierta respira respirar respirando que qué cómo cuando "
        "dónde donde nada algo alguien aquí aqui ahora hoy mañana hace hacer tomó tomo demasiado dejar llame "
        "llamen llamar gracias por favor con sin también tambien le se ella ellos nosotros era fue años droga "
        "drogas pastillas morir matarme vivir puedes mucho mucha buenos dias días tardes noches novio novia "
        "busco buscar para de del me se no ni al un unos seguir viviendo sentido estan están tiene alguna "
        "puedo telefono teléfono mensajes mensaje número numero quien quién cuánto cuanto cuesta atienden "
        "primo prima abuela abuelo niño niña bebé tengo dice dijo creo siento dolor casa ayer noche semana "
        "trabajo otra otro vez todo todos solo sola cada entre hasta desde les son fui ser más mas bien mal"
    ),
    Language.PT: _set(
        "o os uma não nao está estou ele ela eles você voce vocês meu minha meus seu sua filho filha irmão irmao "
        "irmã amigo amiga marido mãe mae pai mas muito já tem tenho quero quer posso pode preciso precisa ajuda "
        "ajude acorda acordar respira respirando respirar que quê isso aqui agora hoje amanhã amanha fazer faz "
        "tomou tomei demais parar ligue liga ligar obrigado obrigada por favor com sem também tambem em um na "
        "no da do das dos ao pra foi sou vou vai anos morrer viver alguém alguem nada usando remédio remedio "
        "comprimidos quando como onde bebida de me se e é que para por queria nunca mais dormir bom boa dia "
        "tarde noite número numero esse essa esses isso horas fecha vocês atendem só plano quem quanto custa "
        "namorado namorada tio tia avó avô criança bebê disse acho sinto dor casa ontem semana trabalho outra "
        "outro vez tudo todos sozinho sozinha cada entre até desde são fui ser mais bem mal dele dela lo "
        "mensagens mensagem mandar mande pare parem"
    ),
    Language.HT: _set(
        "mwen m ou w li l nou yo pa ka ap te pral gen genyen yon nan sou pou ak avè avek men paske tanpri "
        "kisa ki kijan kote kounye koulye a jodi demen tande vle bezwen ede èd reveye respire mouri pitit "
        "frè sè fre zanmi manman papa madanm mari moun twòp twop dwòg dwog rele reponn mesi mèsi sa se "
        "anpil toujou ankò anko kite kòmanse fè fe pran bwè bwe tretman anyen tèt tet si epi jan map lap nap "
        "nimewo efase mesaj voye lan la yo ki konsa koze maladi lopital doktè timoun pitit pitimi fanm gason "
        "zafè lè le jou swa maten lajan travay kay lakay konnen panse santi doulè fimen grenn poud kout"
    ),
}
_LETTERS: Final[tuple[tuple[re.Pattern[str], Language], ...]] = (
    (re.compile(r"[ñ¿¡]"), Language.ES),
    (re.compile(r"[ãõ]|ç[ãõ]"), Language.PT),
    (re.compile(r"[èò]"), Language.HT),
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_WEIGHT: Final = {
    word: 1 / sum(word in words for words in _COMMON.values()) for words in _COMMON.values() for word in words
}
"""A word that two languages share is half a vote for each."""


def language_of(words: str, spoken: Collection[Language]) -> Language | None:
    """The language of these words, if it is clear and one of those that the line speaks; else None."""
    folded = unicodedata.normalize("NFC", words[:_LONGEST]).casefold().replace("'", "").replace("’", "")
    said = _WORD.findall(folded)
    found = _alone(said[0]) if len(said) == 1 else _voted(said, folded)
    return found if found in spoken else None


def _alone(word: str) -> Language | None:
    return None if word in _NOBODYS else _ALONE.get(word)


def _voted(said: list[str], folded: str) -> Language | None:
    votes = dict.fromkeys(Language, 0.0)
    for language, common in _COMMON.items():
        votes[language] += sum(_WEIGHT[word] for word in said if word in common)
    for word in said:
        if word in _ALONE:
            votes[_ALONE[word]] += 0.5
    for letters, language in _LETTERS:
        votes[language] += min(2, len(letters.findall(folded)))
    ranked = sorted(votes, key=votes.__getitem__, reverse=True)
    first, second = votes[ranked[0]], votes[ranked[1]]
    clear = first >= _CLEAR and first >= second * _AHEAD
    return ranked[0] if clear else None
