"""Who refuses a call and asks for an answer in writing is in no danger by that; who doesn't answer may be."""

from __future__ import annotations

from typing import Final

import pytest

from hotline.model import Language
from hotline.triage.urgency import classify

ASKED: Final = {
    Language.EN: (
        "no just answer me here please, a person",
        "no just reply here",
        "no just text me",
        "no dont call me just answer me here",
        "please dont call, answer me here",
        "no calls please just reply by text",
        "no need to call just reply",
        "dont call me just text back a person please",
        "do not call answer by text please",
        "no please just respond here someone",
        "no just respond to me on here pls",
        "no phone just reply please, a real person",
        "nope just answer my question please somebody",
        "no call just have someone answer me here",
    ),
    Language.ES: (
        "no solo respondame aqui por favor, una persona",
        "no me llamen solo contesten aqui alguien",
        "no, mejor respondame por aqui",
        "no llame solo responda por mensaje por favor alguien",
        "no solo conteste aqui",
        "no me llame conteste por texto",
        "no quiero llamada solo que alguien me responda aqui",
        "no hace falta llamar solo contesteme por aqui",
        "no no me llame solo responde aqui",
    ),
    Language.PT: (
        "não só me responde aqui por favor, uma pessoa",
        "nao liga so responde por aqui alguem",
        "nao me liguem so respondam por mensagem",
        "nao precisa ligar so responda aqui",
        "nao quero ligacao quero que alguem me responda aqui",
        "não só responda aqui",
        "nao me liga responde por texto",
        "nao so alguem me responde aqui",
    ),
    Language.HT: (
        "non jis reponn mwen isit la tanpri, yon moun",
        "pa rele m jis reponn mwen la",
        "pa rele mwen reponn pa tèks tanpri yon moun",
        "non m pa vle apèl jis reponn mwen isit la",
        "pa bezwen rele jis reponn isit la",
        "non jis reponn la",
        "pa rele m reponn m isit la yon moun",
        "pito w reponn mwen pa tèks, pa rele m",
        "non reponn mwen la a selman",
    ),
}
SILENT: Final = {
    Language.EN: (
        "he doesnt answer",
        "he is not answering me",
        "my son wont respond",
        "she does not just answer, she is out cold",
        "he wont answer please help",
        "he wont call or answer, he took something last night",
        "he is not calling back or responding and he was high",
        "no answer from my brother in the bathroom",
        "she wont answer me please just answer",
    ),
    Language.ES: (
        "no responde",
        "mi hijo no me contesta y esta en el baño",
        "no contesta mi mama",
        "ella no reacciona",
    ),
    Language.PT: ("ele não responde", "minha mae nao responde", "nao me responde meu filho", "ela nao reage"),
    Language.HT: ("li pa reponn", "pitit mwen pa reponn mwen", "li pa reponn tanpri reponn mwen"),
}


@pytest.mark.parametrize(("language", "words"), [(of, words) for of in ASKED for words in ASKED[of]])
def test_whoever_wants_an_answer_and_no_call_pages_nobody(language: Language, words: str) -> None:
    """ "No" is about the call, and "answer" is what we are asked for."""
    assert not classify(words, language).urgent
    assert not classify(words).urgent


@pytest.mark.parametrize(("language", "words"), [(of, words) for of in SILENT for words in SILENT[of]])
def test_whoever_gets_no_answer_from_somebody_still_pages(language: Language, words: str) -> None:
    """Also where they ask us for one in the same breath."""
    assert classify(words, language).urgent
