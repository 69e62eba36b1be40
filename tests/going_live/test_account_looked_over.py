"""Whatever is amiss at the carrier is found, one by one, by reading a pretended account through the real client."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.model import PhoneNumber
from hotline.operations.checkup import calling_found, judging, machine_found, numbers_found, texting_found
from hotline.operations.checkup.account_seen import AccountSeen, NotSeen
from hotline.operations.checkup.finding import Finding, Severity
from hotline.simulator.papers import CNAM, Campaign, Dialling, Service, TollFree, TrustProduct
from hotline.telephony.rest.account_reading import AccountReader
from hotline.telephony.twiml.twiml_bin import Whose
from tests.going_live.account import BINS, CENTRE, LINE, PAGING, Account, bad, open_account

Spoil = Callable[[Account], object]
TOLL_FREE = "+18004960100"
WITH_TOLL_FREE = f'[line]\nname = "Care Line"\nnumbers = ["{TOLL_FREE}"]\nfailsafe_number = "+16174960199"\n'


@pytest.fixture
def account(tmp_path: Path) -> Account:
    return open_account(tmp_path)


def judged(account: Account, *, rung_at_once: int = 1, staff: frozenset[str] = frozenset()) -> list[Finding]:
    """What is found at the carrier."""
    seen, centre = account.read(), account.settings.centre
    return [
        *numbers_found.numbers(centre.line, seen, account.wanted),
        *numbers_found.outage(centre.line, seen, account.wanted),
        *texting_found.registration(centre.line, seen),
        *texting_found.countries(centre.line, staff, seen),
        *calling_found.shown(centre.line, seen),
        *calling_found.countries(centre.line, staff, seen),
        *calling_found.pace(centre, seen, rung_at_once=rung_at_once),
        *machine_found.clocks(seen),
    ]


def test_an_account_as_it_should_be_has_nothing_amiss(account: Account) -> None:
    """Everything was looked at, and is good."""
    found = judged(account)
    assert bad(found) == set()
    assert len(found) >= 10
    assert account.sim.violations == []


def _set(**fields: object) -> Spoil:
    def spoil(account: Account) -> None:
        for name, value in fields.items():
            setattr(account.sim.kernel.numbers[LINE], name, value)

    return spoil


def _without(address: str) -> str:
    return address.partition("#")[0]


SPOILT: dict[str, tuple[Spoil, str, Severity]] = {
    "number gone": (lambda a: a.sim.kernel.numbers.pop(LINE), "number.missing", Severity.WRONG),
    "calls elsewhere": (_set(voice_url="https://other.example/x"), "number.voice_url", Severity.WRONG),
    "calls nowhere": (_set(voice_url=""), "number.voice_url", Severity.WRONG),
    "calls by GET": (_set(voice_method="GET"), "number.voice_url.method", Severity.WRONG),
    "calls asked once": (
        lambda a: _set(voice_url=_without(a.wanted.pointed["voice_url"]))(a),
        "number.voice_url.overrides",
        Severity.DOUBTFUL,
    ),
    "ends untold": (_set(status_callback=""), "number.status_callback", Severity.WRONG),
    "texts elsewhere": (_set(sms_url="https://other.example/x"), "number.sms_url", Severity.WRONG),
    "texts' fallback elsewhere": (
        _set(sms_fallback_url="https://other.example/x"), "number.sms_fallback_url", Severity.WRONG,
    ),
    "an application": (
        _set(voice_application_sid="AP" + "1" * 32), "number.voice_application_sid", Severity.WRONG,
    ),
    "a trunk": (_set(trunk_sid="TK" + "1" * 32), "number.trunk_sid", Severity.WRONG),
    "no voice": (_set(speaks=False), "number.no_voice", Severity.WRONG),
    "no texts": (_set(texts=False), "number.no_texts", Severity.WRONG),
    "names looked up": (_set(voice_caller_id_lookup=True), "number.names_callers", Severity.WRONG),
    "a service with its own way in": (
        lambda a: setattr(a.sim.kernel.papers.services[0], "use_inbound_webhook_on_number", False),
        "number.service",
        Severity.WRONG,
    ),
    "no fallback": (_set(voice_fallback_url=""), "outage.none", Severity.WRONG),
    "another fallback": (_set(voice_fallback_url="https://other.example/x"), "outage.elsewhere", Severity.WRONG),
    "a bin asked again and again": (
        _set(voice_fallback_url=f"{BINS[Whose.CALLS]}#rc=5"), "outage.overrides", Severity.DOUBTFUL,
    ),
    "an old bin": (lambda a: a.sim.bin(BINS[Whose.STAFF], "<Response/>"), "outage.bin_old", Severity.WRONG),
    "a bin that is gone": (
        lambda a: a.sim.kernel.bins.pop(BINS[Whose.CALLED]), "outage.bin_unread", Severity.DOUBTFUL,
    ),
    "no service": (lambda a: a.sim.kernel.papers.services.clear(), "texting.no_service", Severity.WRONG),
    "no campaign": (
        lambda a: setattr(a.sim.kernel.papers.services[0], "campaign", None), "texting.no_campaign", Severity.WRONG,
    ),
    "a campaign in review": (
        lambda a: setattr(a.sim.kernel.papers.services[0], "campaign", Campaign("IN_PROGRESS")),
        "texting.campaign",
        Severity.WRONG,
    ),
    "texts to no caller": (
        lambda a: a.sim.kernel.papers.texts_to.clear(), "texting.countries_shut", Severity.WRONG,
    ),
    "texts to more": (
        lambda a: a.sim.kernel.papers.texts_to.add("GB"), "texting.countries_open", Severity.DOUBTFUL,
    ),
    "calls not signed": (
        lambda a: a.sim.kernel.papers.trust_products.clear(), "calling.attested", Severity.DOUBTFUL,
    ),
    "a name is shown": (
        lambda a: a.sim.kernel.papers.trust_products.append(TrustProduct(CNAM, "Name", [LINE])),
        "calling.cnam",
        Severity.WRONG,
    ),
    "richer messages": (
        lambda a: a.sim.kernel.papers.rcs_senders.append("centre"), "texting.rcs", Severity.DOUBTFUL,
    ),
    "calls to no caller": (lambda a: a.sim.kernel.papers.calls_to.clear(), "calling.countries_shut", Severity.WRONG),
    "calls to more": (
        lambda a: a.sim.kernel.papers.calls_to.update(LV=Dialling()), "calling.countries_open", Severity.DOUBTFUL,
    ),
    "calls to fraud": (
        lambda a: a.sim.kernel.papers.calls_to.update(LV=Dialling(low_risk=False, toll_fraud=True)),
        "calling.countries_risky",
        Severity.WRONG,
    ),
    "services unread": (
        lambda a: a.sim.kernel.papers.unreadable.update({"/v1/Services": 403}),
        "texting.campaign.unread",
        Severity.DOUBTFUL,
    ),
    "trust unread": (
        lambda a: a.sim.kernel.papers.unreadable.update({"/v1/TrustProducts": 500}),
        "calling.trust.unread",
        Severity.DOUBTFUL,
    ),
    "numbers unread": (
        lambda a: a.sim.kernel.papers.unreadable.update({f"/2010-04-01/Accounts/{a.sim.kernel.account_sid}/Inc": 500}),
        "number.list.unread",
        Severity.DOUBTFUL,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILT)
def test_what_is_amiss_is_found_with_what_it_does_and_how_to_mend_it(account: Account, what: str) -> None:
    """One thing is spoilt: that is found, with its severity, and said in three sentences."""
    spoil, key, severity = SPOILT[what]
    spoil(account)
    found = [one for one in judged(account) if one.key == key]
    assert {one.severity for one in found} == {severity}
    assert all(one.what and one.callers and one.mend for one in found)


def test_a_name_may_be_shown_on_staffs_phones(account: Account) -> None:
    """From the paging number nobody else is called."""
    account.sim.kernel.papers.trust_products.append(TrustProduct(CNAM, "Name", [PAGING]))
    assert bad(judged(account)) == set()


@pytest.mark.parametrize(
    ("verification", "key"),
    [
        (None, "texting.toll_free_none"),
        (TollFree(TOLL_FREE, "TWILIO_REJECTED", error_code=30493), "texting.toll_free"),
        (TollFree(TOLL_FREE, privacy_policy_url="https://x.example/p"), "texting.toll_free_pages"),
    ],
)
def test_a_toll_free_number_must_be_verified(tmp_path: Path, verification: TollFree | None, key: str) -> None:
    """With pages of privacy and of terms; a code of the carrier's is told."""
    account = open_account(tmp_path, WITH_TOLL_FREE)
    account.sim.kernel.papers.toll_free = [verification] if verification else []
    found = judged(account)
    assert key in bad(found)
    if verification and verification.error_code:
        assert any("30493" in one.what for one in found)


def test_a_verified_toll_free_number_is_good(tmp_path: Path) -> None:
    """It needs no campaign."""
    account = open_account(tmp_path, WITH_TOLL_FREE)
    account.sim.kernel.papers.services = []
    account.sim.kernel.papers.toll_free = [
        TollFree(
            TOLL_FREE,
            privacy_policy_url="https://x.example/p",
            terms_and_conditions_url="https://x.example/t",
        )
    ]
    assert bad(judged(account)) == {"outage.no_bin"}


def test_a_number_from_which_nothing_leaves_needs_no_papers(tmp_path: Path) -> None:
    """The staff line is only called: no campaign, no signature, no texts."""
    desk = "+16174960122"
    account = open_account(tmp_path, CENTRE.replace("[carrier]", f'staff_number = "{desk}"\n[carrier]'))
    papers = account.sim.kernel.papers
    papers.services[0].numbers.remove(desk)
    papers.trust_products[0].numbers.remove(desk)
    account.sim.kernel.numbers[desk].texts = False
    assert bad(judged(account)) == set()


def test_staff_abroad_must_be_callable(account: Account) -> None:
    """Also where no caller is; Canada shares the United States' permission."""
    assert bad(judged(account, staff=frozenset({"MX"}))) == {
        "texting.countries_shut",
        "calling.countries_shut",
    }
    assert "calling.countries_shut" not in bad(judged(account, staff=frozenset({"CA"})))


def test_calls_that_waited_at_the_carrier_are_told(account: Account) -> None:
    """The account starts fewer in a second than the settings say."""
    for number in range(4):
        account.session.post(
            f"https://api.twilio.com/2010-04-01/Accounts/{account.sim.kernel.account_sid}/Calls.json",
            auth=(account.sim.kernel.account_sid, account.sim.kernel.auth_token),
            data={"To": f"+1617496020{number}", "From": LINE, "Url": "https://hotline.example.org/x"},
        ).raise_for_status()
    assert bad(judged(account)) == {"calling.pace"}


def test_many_phones_at_one_call_a_second_are_told(account: Account) -> None:
    """How late the last one rings."""
    assert bad(judged(account, rung_at_once=6)) == {"calling.slow"}


@pytest.mark.parametrize(("seconds", "severity"), [(0, None), (-8, Severity.DOUBTFUL), (90, Severity.WRONG)])
def test_a_clock_that_goes_wrong_is_told(account: Account, seconds: int, severity: Severity | None) -> None:
    """By the Date of the carrier's answer."""
    reader = AccountReader(account.settings, account.session)
    seen = reader.read(lambda: account.clock() + timedelta(seconds=seconds))
    (found,) = machine_found.clocks(seen)
    assert found.key == "machine.clock"
    assert found.severity is (severity or Severity.GOOD)


def test_a_refused_token_is_one_finding_and_no_crash(tmp_path: Path) -> None:
    """Whoever isn't let in knocks once."""
    account = open_account(tmp_path)
    account.sim.kernel.auth_token = "another"
    seen = account.read()
    assert seen == AccountSeen(NotSeen("401"))
    (found,) = judging.account(seen)
    assert "no 911 sentence" in found.callers
    assert len(account.sim.rest_requests) == 1


def test_a_carrier_that_is_away_is_told_by_the_name_of_what_broke(account: Account) -> None:
    """No answer is something found."""
    account.session.adapters.clear()
    seen = account.read()
    assert isinstance(seen.status, NotSeen)
    (found,) = judging.account(seen)
    assert found.callers.startswith("Whoever calls is answered")


def test_the_canary_s_number_must_be_the_account_s(account: Account) -> None:
    """A slip in it pages every supervisor in the night, and is seen before it does; so is one that only calls."""

    def found(number: str | None) -> set[str]:
        asked = PhoneNumber(number) if number else None
        return bad(list(numbers_found.canary(asked, account.read())))

    canary = "+16175550177"
    assert found(None) == set()
    assert found(canary) == {"canary.number"}
    account.sim.number(canary)
    assert found(canary) == set()
    account.sim.kernel.numbers[canary].texts = False
    assert found(canary) == {"canary.number"}


@pytest.mark.parametrize(
    ("seen", "key"),
    [
        (AccountSeen("suspended"), "account.status"),
        (AccountSeen("active", "Trial"), "account.trial"),
    ],
)
def test_an_account_that_is_shut_or_on_trial_is_told(seen: AccountSeen, key: str) -> None:
    """As the carrier says it."""
    assert bad(list(judging.account(seen))) == {key}


def test_every_finding_says_no_number_of_anybodys_but_the_lines(account: Account) -> None:
    """What is found goes to logs of monitoring, too."""
    account.sim.kernel.papers.services.append(Service("Other", []))
    told = " ".join(one.what + one.callers + one.mend for one in judged(account))
    assert account.settings.centre.line.failsafe_number.e164 not in told
