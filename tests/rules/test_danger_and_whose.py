"""Which danger it is, and whose: each concept turned by time, by person and by negation, in four languages."""

from __future__ import annotations

from typing import Final

import pytest

from hotline.model import Danger, Language
from hotline.triage.meaning import danger_of
from hotline.triage.urgency import classify

EN, ES, PT, HT = Language.EN, Language.ES, Language.PT, Language.HT

BREATHLESS_BY_VIOLENCE: Final = {
    EN: (
        "he choked me i cant breathe",
        "he's choking me i cant breathe",
        "my boyfriend hit me and i can't breathe",
        "i cant breathe he is on top of me",
        "they beat me up and i passed out",
        "he beat me and im bleeding bad and my lips are blue",
    ),
    ES: (
        "me ahorcó y no puedo respirar",
        "me pegó y no puedo respirar",
        "me golpeó en el pecho y no puedo respirar",
        "no puedo respirar me apretó el cuello",
        "está encima de mí no puedo respirar",
    ),
    PT: (
        "ele me enforcou e não consigo respirar",
        "ele me bateu e não consigo respirar",
        "não consigo respirar ele apertou meu pescoço",
        "ele está em cima de mim não consigo respirar",
    ),
    HT: (
        "li trangle mwen mwen pa ka respire",
        "li bat mwen epi mwen pa ka respire",
        "m pa ka respire li sere kou m",
        "li chita sou mwen m pa ka respire",
    ),
}
BREATHLESS_BESIDE_THEM: Final = {
    EN: (
        "he choked on vomit and can't breathe",
        "he is choking and cant breathe",
        "he strangled her and she isnt breathing",
        "he hit me and my mom isnt breathing",
        "he choked me and now my friend is not breathing",
        "my friend who hit me isnt breathing",
    ),
    ES: (
        "se ahogó con su vómito y no puede respirar",
        "le pegó a mi mamá y no respira",
        "me pegó y mi hijo no puede respirar",
    ),
    PT: (
        "ele engasgou com o vômito e não consegue respirar",
        "ele bateu na minha mãe e ela não respira",
    ),
    HT: (
        "li toufe ak vomi li epi li pa ka respire",
        "li bat manman m epi li pa respire",
        "li bat mwen epi pitit mwen pa ka respire",
    ),
}
BREATHLESS_ALONE: Final = {
    EN: (
        "i cant breathe",
        "the fent hit me hard and i cant breathe",
        "i took too many pills and cant breathe",
        "he hit me and i took all my pills",
    ),
    ES: (
        "no puedo respirar",
        "me ahogué con mi vómito y no puedo respirar",
        "me pegó y me tomé todas las pastillas",
    ),
    PT: ("não consigo respirar", "ele me bateu e tomei todos os remédios"),
    HT: (
        "mwen pa ka respire",
        "mwen toufe ak vomi mwen m pa ka respire",
        "li bat mwen epi m bwè tout grenn yo",
    ),
}
VIOLENCE_NOW: Final = {
    EN: (
        "he is hitting me",
        "he's beating my mom right now",
        "my dad is beating my mom",
        "he wont stop hitting me",
        "he just hit me",
        "he just punched my mom",
        "hes choking her",
        "my bf hit me and hes coming back",
        "he hit me and im bleeding",
        "he has a knife and is at the door",
        "he locked me in",
        "he locked us in the basement",
        "he wont let us leave",
    ),
    ES: (
        "me está pegando",
        "me están pegando",
        "está golpeando a mi mamá",
        "mi papá le está pegando a mi mamá",
        "la está ahorcando",
        "me acaba de pegar",
        "no para de pegarme",
        "sigue golpeándome",
        "me pegó y sigue aquí",
        "va a matarme",
        "tiene un cuchillo y está en la puerta",
        "nos encerró en la casa",
        "no nos deja salir",
    ),
    PT: (
        "ele está me batendo",
        "estão me batendo",
        "meu pai está batendo na minha mãe",
        "ele está enforcando minha mãe",
        "ele acabou de me bater",
        "ele não para de me bater",
        "ele me bateu e ainda está aqui",
        "ele tem uma faca e está na porta",
        "ele está armado na porta",
        "ele nos trancou",
    ),
    HT: (
        "l ap bat mwen kounye a",
        "y ap bat frè m nan",
        "l ap bat pitit mwen",
        "l ap trangle manman m",
        "li fèk bat mwen",
        "li bat mwen epi li toujou la",
        "li gen yon kouto epi li nan pòt la",
        "li fèmen nou nan kay la",
    ),
}
NO_VIOLENCE_NOW: Final = {
    EN: (
        "my boyfriend hit me",
        "my boyfriend hit me last week",
        "my dad used to beat me when i was a kid",
        "he is not hitting me",
        "he has never hit me",
        "he is hitting me up on insta",
        "she is beating me at chess",
        "the sun is hitting me",
        "it just hit me that im late",
    ),
    ES: (
        "mi novio me pegó",
        "me pegó hace años",
        "no me está pegando",
        "nunca me ha pegado",
        "me está pegando la cruda",
        "me pegó la gripe",
    ),
    PT: (
        "meu namorado me bateu",
        "ele não está me batendo",
        "ele nunca me bateu",
        "me bateu uma saudade",
        "o sol está batendo na janela",
    ),
    HT: ("li pa bat mwen", "li pap bat mwen", "papa m te konn bat mwen lè m te piti"),
}
MADE_TO_TAKE: Final = {
    EN: (
        "he forced me to take pills",
        "they made me take something",
        "he made me swallow a bunch of pills",
        "she forced pills down my throat",
        "i was forced to take pills",
        "he held me down and injected me",
        "he gave me pills against my will",
    ),
    ES: (
        "me obligó a tomar pastillas",
        "me hicieron tomar algo",
        "me dio pastillas a la fuerza",
        "me metió pastillas en la boca",
        "fui obligada a tomar pastillas",
    ),
    PT: (
        "ele me obrigou a tomar remédio",
        "me fizeram tomar alguma coisa",
        "ele enfiou comprimidos na minha boca",
        "ele injetou alguma coisa em mim",
    ),
    HT: (
        "li fòse m pran grenn",
        "yo fè m pran yon bagay",
        "li ban m grenn pa fòs",
        "li mete grenn nan bouch mwen pa fòs",
    ),
}
OTHERS_MADE_TO_TAKE: Final = {
    EN: ("he forced her to take pills", "he made my sister take all the pills"),
    ES: ("la obligó a tomar pastillas", "obligó a mi hermana a tomar pastillas"),
    PT: ("ele obrigou ela a tomar comprimidos", "ele fez minha irmã tomar todos os comprimidos"),
    HT: ("li fòse l pran grenn", "li fòse sè m nan bwè tout grenn yo"),
}
NOT_MADE_TO_TAKE: Final = {
    EN: (
        "he forced me to take pills years ago",
        "my doctor made me take pills for my blood pressure",
        "my mom makes me take my meds",
        "they made me take a drug test",
        "he forced me to take a break",
    ),
    ES: ("me obligó a tomar pastillas hace años", "el doctor me hizo tomar pastillas para la presión"),
    PT: ("o médico me fez tomar remédio de pressão", "me obrigaram a tomar vacina"),
    HT: ("doktè a fè m pran grenn pou tansyon", "li te fòse m pran grenn lontan"),
}
JUST_TOOK_ALL: Final = {
    EN: ("she just took all her pills", "my mom just took all her pills"),
    ES: (
        "Se acaba de tomar todas las pastillas",
        "mi mamá se acaba de tomar todas las pastillas",
        "mi hermana acaba de tomar todas sus pastillas",
        "se las acaba de tomar todas",
        "se acaban de tomar todas las pastillas",
    ),
    PT: (
        "acabou de tomar todos os comprimidos",
        "ela acabou de tomar todos os comprimidos",
        "minha mãe acabou de tomar todos os remédios",
    ),
    HT: ("li fèk pran tout grenn yo", "manman m fèk bwè tout grenn yo"),
}
JUST_TOOK_ALL_THEMSELVES: Final = {
    EN: ("i just took all my pills", "just took all my pills"),
    ES: (
        "me acabo de tomar todas las pastillas",
        "acabo de tomarme todas las pastillas",
        "me las acabo de tomar todas",
    ),
    PT: ("acabei de tomar todos os comprimidos", "tomei todos os comprimidos"),
    HT: ("m fèk pran tout grenn yo", "mwen fèk bwè tout grenn mwen yo"),
}
DANGERS: Final = (
    (Danger.BY_OTHERS, BREATHLESS_BY_VIOLENCE),
    (Danger.OVERDOSE, BREATHLESS_BESIDE_THEM),
    (Danger.THEMSELVES, BREATHLESS_ALONE),
    (Danger.BY_OTHERS, VIOLENCE_NOW),
    (Danger.BY_OTHERS, MADE_TO_TAKE),
    (Danger.OVERDOSE, OTHERS_MADE_TO_TAKE),
    (Danger.OVERDOSE, JUST_TOOK_ALL),
    (Danger.THEMSELVES, JUST_TOOK_ALL_THEMSELVES),
)


@pytest.mark.parametrize(
    ("danger", "language", "words"),
    [(danger, language, one) for danger, told in DANGERS for language in told for one in told[language]],
)
def test_what_it_is_turns_with_who_does_it_and_to_whom(
    danger: Danger, language: Language, words: str
) -> None:
    """Short breath by violence, violence that goes on, what somebody was made to take, what they have just taken:
    whoever does it, and whoever it is done to, decide what they are told."""
    assert classify(words, language).urgent
    assert danger_of(words, language) is danger


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (language, one)
        for told in (NO_VIOLENCE_NOW, NOT_MADE_TO_TAKE)
        for language in told
        for one in told[language]
    ],
)
def test_what_is_over_denied_or_of_something_else_pages_nobody(language: Language, words: str) -> None:
    """The same words, of last week, denied, or said of the sun, of chess and of what a doctor gave."""
    assert not classify(words, language).urgent
