"""Each kind of danger in four languages: what around it changes nothing, and what turns it into something else."""

from __future__ import annotations

import unicodedata

import pytest

from hotline.model import Language
from hotline.triage.urgency import Label, classify

EN, ES, PT, HT = Language.EN, Language.ES, Language.PT, Language.HT

DANGERS = {
    EN: """
        i'm tired of living | death is better than this shame | i picked the bridge already
        the only thing stopping me is my girl | i pray god takes me tonight in my sleep
        i found a goodbye letter in my son's room | he just turned purple | my friend is not breathing
        my daughter cut her arm deep, second towel already | my ex is kicking my door in
        i'm pregnant, used this morning, baby is not moving | she swallowed all her pills an hour ago
        i want to kill myself | he overdosed in the bathroom | my brother won't wake up
        gave him two narcans and he's still out | vomit looks like coffee grounds | the voices say i should jump
        wish they hadn't brought me back | he left drunk in the snow with no jacket | i cut too deep
    """,
    ES: """
        estoy cansada de vivir | la muerte es mejor que esta vergüenza | ya escogí el puente
        lo único que me aguanta de hacerlo es la nena | le pido a dios que me lleve esta noche
        encontré una carta de despedida de mi hijo | se puso morao | mi amigo no respira
        mi hija se cortó el brazo hondo, ya va por la segunda toalla | mi ex está tumbando la puerta
        estoy embarazada, usé hoy, el bebé no se mueve | se tomó todas las pastillas hace una hora
        me quiero matar | le dio una sobredosis en el baño | mi hermano no despierta
        ya le dimos dos narcan y nada | el vómito parece café molido | las voces me dicen que me tire
        ojalá no me hubieran revivido | salió borracho sin chaqueta y está nevando | me corté muy hondo
    """,
    PT: """
        cansei de viver | a morte é melhor que essa vergonha | já escolhi a ponte
        a única coisa que me segura é minha filha | peço pra deus me levar essa noite
        achei uma carta de despedida do meu filho | ele ficou roxo | meu amigo não respira
        minha filha cortou o braço fundo, segunda toalha já | meu ex tá arrombando a porta
        tô grávida, usei hoje, o bebê não mexe | ela tomou todos os comprimidos faz uma hora
        quero me matar | ele teve uma overdose no banheiro | meu irmão não acorda
        já demos dois narcan e nada | o vômito parece borra de café | as vozes mandam eu pular
        queria que não tivessem me trazido de volta | saiu bêbado sem casaco e tá nevando | cortei muito fundo
    """,
    HT: """
        m bouke viv | lanmò pi bon pase wont sa a | m chwazi pon an deja
        sèl bagay ki kenbe m se pitit fi m | m mande bondye pran m aswè a
        m jwenn yon lèt adye pitit mwen | li vin ble | zanmi m pa respire
        pitit fi m koupe bra li fon, dezyèm sèvyèt deja | ansyen mari m ap kraze pòt la
        m ansent, m itilize jodi a, bebe a pa bouje | li bwè tout grenn yo sa gen inè
        m vle touye tèt mwen | li fè yon ovèdoz nan twalèt la | frè m pa reveye
        nou ba li de narcan deja anyen | vwa yo di m pou m sote
        m swete yo pat reveye m | li soti sou san manto ap fè nèj | m koupe tèt mwen twò fon
    """,
}
BEFORE = {
    EN: ("sorry to bother you. ", "hi its me again, thanks for the card. ", "omg "),
    ES: ("perdón la molestia. ", "hola soy yo otra vez, gracias por la tarjeta. ", "dios mío "),
    PT: ("desculpa incomodar. ", "oi sou eu de novo, obrigada pelo cartão. ", "meu deus "),
    HT: ("padon deranje nou. ", "bonjou se mwen ankò, mèsi pou kat la. ", "bondye "),
}
AFTER = {EN: " please", ES: " por favor", PT: " por favor", HT: " tanpri"}

TURNED = {
    EN: """
        i'm not suicidal, just asking about hours | not an emergency, i haven't used today and i'm not hurting myself
        i almost died in 2015, been clean since | my car died on the pike | my phone died again lol
        dying of hunger, what's for lunch at group | i overdosed on christmas cookies lol
        my son keeps yelling i'm dying, its fortnite | in the movie she takes all the pills
        getting my tetanus shot, be there in 20 | zumba killed me, can't lift my arms lol
        we painted the baby's room blue | purple lipstick, i look dead lol | dying of embarrassment lol
        they asked all the suicide questions, i said no to all of it, when do i start
        leaving my job, friday is my last day there | writing a short film about a girl who overdoses
        this cold is killing me help lol | he isn't answering because he is at work
    """,
    ES: """
        no es emergencia, no he usado hoy ni pienso hacerme daño | casi me muero en 2015, desde ahí bien
        el carro se me ahogó en la 93 | se me murió el celular otra vez jaja | me muero del hambre, qué hay de comer
        me di una sobredosis de pasteles jaja | el nene grita me mataron, está jugando fortnite
        en la novela ella se toma todas las pastillas | voy a ponerme la vacuna del tétano, llego en 20
        la zumba me mató, no puedo mover los brazos jaja | pintamos el cuarto del bebé azul
        trágame tierra, le di like a mi ex, me quiero morir | con este labial morado parezco muerta jaja
        me hicieron todas las preguntas de suicidio y dije que no, cuándo entro
        el viernes es mi último día en el trabajo
        hago un corto sobre una muchacha que tiene una sobredosis | este frío me mata auxilio jaja
    """,
    PT: """
        não é emergência, não usei hoje nem penso em me machucar | quase morri em 2015, desde então tô bem
        meu carro afogou na 93 | meu celular morreu de novo kkk | tô morrendo de fome, o que tem pra comer
        tive uma overdose de brigadeiro kkk | o menino grita me mataram, tá jogando fortnite
        na novela ela toma todos os remédios | vou tomar a vacina do tétano, chego em 20
        a zumba me matou, não consigo mexer o braço kkk | pintamos o quarto do bebê de azul
        finalmente o bebê apagou, 3 horas de choro | com esse batom roxo pareço defunta kkk
        já respondi tudo, nada de querer morrer, nada de me machucar, falta só a data
        sexta é meu último dia no trabalho
        escrevendo um roteiro sobre um rapaz que tem overdose | esse frio me mata socorro kkk
    """,
    HT: """
        se pa ijans, m pa itilize jodi a ni m pa panse fè tèt mwen mal | m te prèske mouri an 2015, depi lè sa m byen
        machin mwen mouri sou 93 | telefòn mwen mouri ankò lol | m ap mouri grangou, ki sa pou manje
        m fè ovèdoz gato lol | gason an ap rele yo tire m, se fortnite l ap jwe
        nan telenovela a li vale tout grenn yo | m pral pran piki tetanòs, tann mwen 20 minit
        zumba a kraze m, m paka leve bra m haha | nou pentire chanm bebe a ble | n ap boule piti piti
        yo poze m tout kesyon sou touye tèt m di non, kilè m antre | vandredi se dènye jou m nan travay la
        m ap ekri yon chante sou yon zanmi ki mouri nan lari | fredi sa a ap touye m anmwe haha
    """,
}


def lines(table: dict[Language, str]) -> list[tuple[Language, str]]:
    """Each message with its language."""
    return [
        (language, " ".join(one.split()))
        for language, written in table.items()
        for row in written.strip().splitlines()
        for one in row.split("|")
    ]


def plain(text: str) -> str:
    """Without accents' signs and punctuation, as most people write."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return "".join(c for c in bare if c not in ".,'?!")


@pytest.mark.parametrize(("language", "text"), lines(DANGERS))
def test_nothing_around_a_danger_hides_it(language: Language, text: str) -> None:
    """It pages as it is, in capitals, without accents or punctuation, with signs, courtesy and small talk around it."""
    around = [before + text for before in BEFORE[language]]
    for written in (
        text,
        text.upper(),
        plain(text),
        f"{text} 😭🙏",
        text + AFTER[language],
        f"{text}!!!",
        *around,
    ):
        assert classify(written, language).urgent, written


@pytest.mark.parametrize(("language", "text"), lines(TURNED))
def test_the_same_words_turned_page_nobody(language: Language, text: str) -> None:
    """Denied, long ago, or said of a game, a film, a car, food or paint: nobody is paged, however it's written."""
    for written in (text, plain(text), text + AFTER[language]):
        reading = classify(written, language)
        assert not reading.urgent, written
        assert reading.label is not Label.OPT_OUT, written


BESIDE_A_GAME = {
    Language.EN: (
        "was playing xbox and now hes not breathing",
        "hes on fortnite and hes turning blue",
        "karaoke night and my friend took too many pills she is passed out",
        "listening to a playlist and he just stopped breathing",
        "my brother was on his ps5, i found him blue and cold",
    ),
    Language.ES: (
        "estaba jugando fortnite y ahora no respira",
        "puso un karaoke y se desmayo, no reacciona",
        "jugando xbox se tomo todas las pastillas y no despierta",
    ),
    Language.PT: ("tava jogando free fire e agora nao acorda", "no karaoke ele apagou e nao respira"),
    Language.HT: (
        "nou t ap tande konpa li tonbe li pa reveye",
        "li t ap gade telenovela a kounye a li pa respire",
    ),
}
"""What people do when it happens: written after the lists of games, and not learned from."""


@pytest.mark.parametrize(
    ("language", "words"), [(language, one) for language, all_ in BESIDE_A_GAME.items() for one in all_]
)
def test_a_game_or_a_song_beside_danger_hides_nothing(language: Language, words: str) -> None:
    """A named game turns off what is only hinted at, never a sign that is told plainly."""
    assert classify(words, language).label is Label.EMERGENCY
