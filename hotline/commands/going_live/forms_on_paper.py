"""``hotline provision --papers``: what the carrier's forms ask, answered in the line's own words.

Facts of the forms: Twilio's pages on A2P 10DLC campaigns, toll-free verification (separate pages of privacy and of
terms since 2026-09-15, error 30493) and Advanced Opt-Out. What only the centre knows is left in brackets.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from hotline.model import Channel, Language
from hotline.prompts import Prompts
from hotline.settings.centre import Centre
from hotline.triage.numbers import written

_WIDTH: Final = 100
_MINUTES: Final = "15"


def papers(centre: Centre, prompts: Prompts) -> str:
    """All forms, one after the other."""
    sheet = _Sheet(centre, prompts)
    return "\n".join(
        (
            *sheet.head(),
            *sheet.brand(),
            *sheet.campaign(),
            *sheet.toll_free(),
            *sheet.pages(),
            *sheet.replies(),
            *sheet.trust(),
        )
    )


class _Sheet:
    def __init__(self, centre: Centre, prompts: Prompts) -> None:
        self._line = centre.line
        self._prompts = prompts
        self._first = written(centre.line.numbers[0])

    def _says(self, key: str) -> str:
        values = {"MIN": _MINUTES, "FIRST": "Ana", "NUMBER": self._first}
        return self._prompts.text(key, Channel.TEXT, Language.EN, values.items())

    def _spoken(self, key: str) -> str:
        return self._prompts.say(key, Language.EN, {"MIN": _MINUTES}.items()).words

    def head(self) -> Iterator[str]:
        yield from _paragraph(
            "What the carrier's registration forms ask, in this line's words. What stands in [brackets] only you know. "
            "Have a lawyer read it. Say nothing on these forms of any caller. Begin with the brand: a campaign takes "
            "10 to 15 working days, toll-free verification 3 to 5, and until then texts are blocked."
        )

    def brand(self) -> Iterator[str]:
        yield from _title("1. Brand (Trust Hub: business profile, then A2P brand)")
        yield from _field("Legal name", self._line.registered_name or "[as on your tax papers]")
        yield from _field(
            "Registration", "[EIN, and the address on your tax papers: compared letter by letter]"
        )
        yield from _field("Website", "[its address; it must be there, and say what you do]")
        yield from _field(
            "Authorized representative",
            "[name, business title, job position, telephone and email at your own domain: one who can be reached]",
        )
        yield from _field("Regions of operation", "USA and Canada")
        yield from _field("Kind", "[non-profit (501(c)(3)), government, or private]. Vertical: Healthcare")

    def campaign(self) -> Iterator[str]:
        yield from _title("2. Campaign for local numbers (A2P 10DLC)")
        yield from _field("Use case", "Customer care; or Low volume mixed, below some 2,000 texts a day")
        yield from _field("Description", self._description())
        yield from _field("How people consent (message flow)", self._flow())
        for number, key in enumerate(("menu", "admissions", "confirmed", "discreet"), start=1):
            yield from _field(f"Sample message {number}", self._says(key))
        yield from _field("Links in messages", "No")
        yield from _field("Telephone numbers in messages", f"Yes: {self._first}, and 911 and 988")
        yield from _field("Age-gated, lending", "No, no")
        yield from _field("Opt-in keywords", "START, UNSTOP")
        yield from _field("Opt-in reply", self._says("started"))
        yield from _field("Opt-out keywords", "STOP, STOPALL, UNSUBSCRIBE, CANCEL, END, QUIT, REVOKE, OPTOUT")
        yield from _field("Opt-out reply", self._says("stopped"))
        yield from _field("Help keywords", "HELP, INFO")
        yield from _field("Help reply", self._says("help"))
        yield from _field("Privacy and terms", "The addresses of the two pages of part 4")

    def toll_free(self) -> Iterator[str]:
        yield from _title("3. Toll-free verification (only for 800, 833, 844, 855, 866, 877 and 888 numbers)")
        yield from _field("Numbers", ", ".join(written(one) for one in self._line.own))
        yield from _field("Business name", self._line.registered_name or "[as on your tax papers]")
        yield from _field("Doing business as", self._line.business)
        yield from _field(
            "Business type, registration", "[non-profit or other; EIN; country US; as for the brand]"
        )
        yield from _field("Website, address, contact, notification email", "[as for the brand]")
        yield from _field("Use case category", "Customer care; Health care")
        yield from _field("Use case summary", self._description())
        yield from _field(
            "Opt-in type", "Via text (people write first), and verbal (on a call that they make)"
        )
        yield from _field(
            "Opt-in proof", "[a page with the words of this form: the address, or a picture of it]"
        )
        yield from _field("Opt-in keywords", "START, UNSTOP")
        yield from _field("Opt-in confirmation message", self._says("started"))
        yield from _field("Help message sample", self._says("help"))
        yield from _field("Production message sample", self._says("confirmed"))
        yield from _field("Additional information", self._flow())
        yield from _field("Age-gated content", "No")
        yield from _field("Privacy policy and terms", "The addresses of the two pages of part 4")
        yield from _field("Monthly volume", "[what you expect; 1,000 is a usual beginning]")

    def pages(self) -> Iterator[str]:
        yield from _title("4. Two pages on your website, each with an address of its own")
        yield from _field(
            "Privacy",
            'Must say: what is kept of calls and texts, for how long, and who sees it; and, word by word: "No mobile '
            'information is shared with third parties or affiliates for marketing. Consent to texts is never shared."',
        )
        yield from _field(
            "Terms",
            f"Must say: the programme's name ({self._line.business}); what is sent: answers to what people wrote, and "
            'news of the call back that they asked for; how often: as often as they write; "Message and data rates may '
            f'apply"; STOP ends, HELP helps; whom to ask: {self._first}; that carriers are not liable for delayed '
            "messages; and where the privacy page is.",
        )
        yield from _field(
            "Neither page",
            "may name a caller's illness in its address or title: it is shown to whoever is sent there.",
        )

    def replies(self) -> Iterator[str]:
        yield from _title("5. The carrier's own replies (messaging service, Opt-out management)")
        yield from _field("STOP", self._says("stopped"))
        yield from _field("START", self._says("started"))
        yield from _field("HELP", self._says("help"))
        yield from _field("Then", "`hotline doctor sign stop-help`")

    def trust(self) -> Iterator[str]:
        yield from _title("6. What phones show when you call (Trust Hub)")
        yield from _field("SHAKEN/STIR", "Yes, for every number: calls are then signed in full")
        yield from _field(
            "CNAM, Branded Calling, RCS",
            "No: a name on a locked screen tells others who calls. A name that tells nothing is possible for the "
            "paging number alone, which calls nobody but staff",
        )

    def _description(self) -> str:
        return (
            f"{self._line.business} answers people who call or text it first, asking for a call back, for information "
            "or for help. Texts confirm the call back that they asked for, tell how long it takes, answer their "
            "questions, and name 911 and 988 to whoever is in danger. Nobody is texted who has not written or called "
            "first; nothing is advertised or sold."
        )

    def _flow(self) -> str:
        numbers = " or ".join(written(one) for one in self._line.numbers)
        return (
            f"1. By text: the person texts {numbers} first, of their own accord; the number is published at [your "
            f'website]. The reply asks before anything else is sent: "{self._says("admissions")}" Only 4 (yes) counts '
            f"as consent. 2. By telephone: the person calls {numbers} and, when they ask for a call back, hears: "
            f'"{self._spoken("ask_text")}" Only key 4 counts as consent; without it no text is sent. Consent is no '
            "condition of any service. It is kept with its time, ends with STOP or any other wish to "
            "stop, spoken or written, and is shared with nobody."
        )


def _title(words: str) -> Iterator[str]:
    yield f"\n{words}"
    yield "-" * len(words)


def _field(name: str, words: str) -> Iterator[str]:
    yield f"{name}:"
    yield from textwrap.wrap(
        words, _WIDTH, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False
    )


def _paragraph(words: str) -> Iterator[str]:
    yield from textwrap.wrap(words, _WIDTH, break_on_hyphens=False)
