"""Who asks for the end of messages, and who only uses its words; case and courtesy change nothing about it."""

from __future__ import annotations

import pytest

from hotline.model import Language
from hotline.triage.urgency import Label, classify

EN, ES, PT, HT = Language.EN, Language.ES, Language.PT, Language.HT

ENDS = {
    EN: """
        please don't write to me anymore | take my number off | no more texts thanks | lose my number
        unsuscribe | wrong person stop texting me | this is not Kevin, wrong number. stop
        opt me out of everything | dont txt me no more | how do i turn off these texts
        text me one more time and i call the cops | stop texting me my husband is here
        i called four times and nobody helped me so don't text me anymore | quit blowing up my phone
        Thanks for all your help, you can stop texting me now | i never signed up for this, remove me
        i no longer need these reminders, thank you | make these texts stop | s t o p | S.T.O.P | 🛑 | ✋🛑
        stop por favor | unsub me bruh | no more text bro | discontinue these texts | stahp | this is spam. stop
        i'm all set with the texts | nobody said you could text me | that's not me stop texting
        finished the program, don't need the texts | you can stop these now | i never signed up for this, reporting you
        add me to your do not call list | what do i text to make this stop | take me out of the text list
        stop texting this nuber | stooooop | STOPPPP | unscribe | unsubscrive | take my # off whatever this is
    """,
    ES: """
        dejen de escribirme | no me escriban más por favor | ya no quiero sus mensajes | bórrenme de la lista
        STOP YA | número equivocado, no escriban más | saquen mi número de ahí
        ya no necesito los recordatorios, gracias | cómo paro estos mensajes
        quién les dio mi número? bórrenlo | si siguen mandando mensajes los reporto | P A R A R
        llamé cuatro veces y nadie contesta, no me escriban más
        me mudé a Florida, ya no hace falta que me escriban | dejen d joder con esos mensajitos
        bloqueado. no escriban | cada mensaje me lo cobran, favor descontinuar | ya no quiero recibir
        paren de jeringar con esos textos | stpo porfa
        estop | no autoricé a nadie a mandarme mensajes | yo no soy José dejen de escribir
        ese teléfono es de mi hija, dejen de mandar mensajes | no hace falta que escriban más
        ya chole con sus mensajes | con respeto le pido que no me escriba más señora | estos avisos ya no los quiero
    """,
    PT: """
        parem de me mandar mensagem | não me mandem mais nada | me tira da lista
        não preciso mais dos lembretes, obrigada | número errado, não mande mais
        como faço pra não receber mais mensagem | se continuar mandando eu denuncio | isso é spam, parem
        quero me descadastrar | chega dessas mensagens | s.a.i.r | para já
        liguei quatro vezes e ninguém atende, não mandem mais nada | nao quero mais receber
        parem d mandar coisa d clinica | n mandem mais nd p ca | stpo pfv | favor descontinuar as mensagens
        nao autorizei ninguem a me mandar sms vou denunciar | ka manda-m mas mensagem | estope
        que saco essas mensagens, para | esse número é do trabalho não mande mais mensagem
        que ninguém mais me mande mensagem | retirem meu consentimento | parem lá com as mensagens
    """,
    HT: """
        sispann ekri m | pa voye mesaj ban m ankò | wete m sou lis la | m pa bezwen rapèl yo ankò mèsi
        s i s p a n n | move nimewo, pa voye mesaj ankò | kijan pou m kanpe mesaj sa yo
        si nou ekri m ankò m ap rapòte nou | stop mesi | m rele kat fwa pèsonn pa reponn, pa ekri m ankò
        efase nimewo m | nou pa bezwen ekri m ankò | arete sil vous plait | no more text frè
        bay telefòn m on souf ak mesaj nou yo | arete svp | sispann voye mesaj bòs
        stope sa | mwen ta renmen nou pa ekri m ankò | m pito pa resevwa yo | move nimewo sispann
        arretez voye mesaj | anile enskripsyon mwen | bloke m
    """,
}
NOT_SO = {
    EN: """
        unsubscribe him from the program | can you unsubscribe my son from your program?
        i want to stop using | can you stop by the house | make it stop raining | how do i stop drinking
        don't stop texting me | i told him to stop texting me | my ex won't stop texting me
        stop lying to me about the bed | which stop is it | why did you stop texting me
        don't text me at work | text me after 5, don't text me before noon | quit playing lol
        take me off the wait list, i got a bed | remove my ex as my emergency contact | cancel my appointment
        please stop texting my husband, text me | i sent stop by accident, put me back
        did i unsubscribe by mistake? | cancel that last message | i did not get your text | no message today?
        stop texting my sis | stop texting my bro | no more text from my ex bro | discontinue my meds
        i no longer want to receive methadone
        i never signed up for the class, can i still come | you can stop by any time | sick of my ex texting me
        no need to text me back today | i did not give them permission to call my mom
        i quit my job | you don't text me anymore | unsubscribe?? no i want to stay on
        it says text stop to opt out, opt out of what? | i lost my number
        why did the messages stop | i need these texts | i texted stop without meaning to, can you undo it
        no need to text me back today | make it stop raining | no more questions | delete that message
    """,
    ES: """
        dejen de textear a mi hermano | ya no quiero recibir golpes | descontinuar la metadona
        bloqueado el teléfono de mi hija, no le escriban | no jodan con mi hijo
        no dejen de escribirme | mi ex no deja de escribirme | por qué dejaron de mandarme mensajes
        no me escriban al trabajo | saquen a mi hijo de la lista de espera | quiero dejar de usar
        den de baja a mi hijo del programa | que pare de llover | no me escriban antes de mediodía
        ya no me mandes más tamales | dejen de mentirme con lo de la cama
        necesito los recordatorios, no paren | si me doy de baja pierdo mi lugar? | olviden ese mensaje
        no me escriban de noche, mejor en la mañana | paren de molestar a él por favor
        mandé stop sin querer, pónganme otra vez | dejé de recibir sus textos, me los activan otra vez?
    """,
    PT: """
        parem de mandar mensagem pro meu irmão | não mandem mais mensagem pra minha irmã
        não quero mais receber visita | parem de mandar ele pra clínica
        não parem de me escrever | meu ex não para de me escrever | por que pararam de me mandar mensagem
        tira meu irmão da lista de espera | quero parar de usar | tomara que pare de chover
        não mandem msg no trabalho | falei pra ele parar de me mandar mensagem
        gosto desses sms não parem | se eu sair da lista acontece o quê | apaga essa mensagem
        não me liguem, melhor escrever | não mandem ninguém na minha casa
        mandei stop sem querer, me coloca de volta | sair mais cedo hoje
    """,
    HT: """
        sispann ekri frè m | kite m an repo ak bil yo | arete bwè sil vous plait
        pa sispann ekri m tanpri | m di li sispann ekri m men li pa tande
        poukisa nou sispann voye mesaj ban mwen | wete frè m sou lis datant la | m vle sispann bwè
        sispann ban m manti sou kabann nan | rete la m ap vini | pa ekri m nan travay
        si m dezabòne sa k ap pase? | kilè mesaj yo sispann? | pa ekri m lè m ap kondui
        pa ekri m leswa, pito maten | pa voye pèsonn lakay mwen | pa voye mesaj jodi a
        m voye stop pa aksidan, remete m | eske mesaj yo kanpe? mwen pa resevwa rapèl maten an
    """,
}
DANGER = [
    (EN, "stop, he is turning blue"),
    (EN, "stop. he's not breathing. stop texting"),
    (EN, "STOP texting me, i took all my pills and i want to die"),
    (EN, "take me off your list, i am going to kill myself tonight"),
    (ES, "ya no me manden el menú, mi amigo no tiene pulso"),
    (ES, "no me manden más mensajes, mi hijo no está respirando"),
    (PT, "para de me mandar menu, meu irmão não respira"),
    (HT, "sispann voye mesaj, pitit mwen pa respire"),
    (EN, "quit texting, i am killing myself tonight so nobody will read it"),
    (ES, "no me escriban más, esta noche me mato y no va a haber quien lea"),
    (PT, "não me mandem mais nada, me deixem morrer quieto, quero morrer"),
]


def each(written: dict[Language, str]) -> list[tuple[Language, str]]:
    """One by one, with its language."""
    return [
        (language, one.strip())
        for language, some in written.items()
        for one in some.replace("\n", "|").split("|")
        if one.strip()
    ]


@pytest.mark.parametrize(("language", "text"), each(ENDS))
def test_whoever_asks_for_no_more_messages_gets_none(language: Language, text: str) -> None:
    """Polite or in anger, misspelt, spaced out, at the end of a complaint, as a sign alone."""
    assert classify(text, language).label is Label.OPT_OUT


@pytest.mark.parametrize(("language", "text"), each(ENDS))
def test_case_and_courtesy_change_nothing_about_it(language: Language, text: str) -> None:
    """In capitals, with thanks before or after, with a full stop."""
    thanks = {EN: "thanks", ES: "gracias", PT: "obrigado", HT: "mèsi"}[language]
    for written in (text.upper(), f"{text}.", f"{text} {thanks}", f"  {text}  "):
        assert classify(written, language).label is Label.OPT_OUT, written


@pytest.mark.parametrize(("language", "text"), each(NOT_SO))
def test_words_of_stopping_that_mean_something_else_end_no_messages(language: Language, text: str) -> None:
    """Somebody else is meant, or something else, or another time, or the opposite."""
    for written in (text, text.upper(), f"{text}!!"):
        assert classify(written, language).label is not Label.OPT_OUT, written


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "quit texting me. i won't be around to read them"),
        (ES, "no me escriban más, después de hoy no hay nadie que lea"),
        (PT, "para de me mandar mensagem, amanhã nem vou estar aqui pra ler"),
        (HT, "pa ekri m ankò, demen m pap la pou m li"),
    ],
)
def test_a_goodbye_beside_a_wish_for_silence_ends_no_messages(language: Language, text: str) -> None:
    """Who will not be there to read is read by a person."""
    assert classify(text, language).label is not Label.OPT_OUT


@pytest.mark.parametrize(("language", "text"), DANGER)
def test_an_opt_out_beside_danger_is_danger(language: Language, text: str) -> None:
    assert classify(text, language).urgent
