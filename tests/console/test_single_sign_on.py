"""Single sign-on against a real provider on this machine: who is let in, what is believed, and what when it is away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OctKey

from hotline.console.single_sign_on.provider import FRESH
from hotline.model import Role
from hotline.operations.sign_in import inviting, single_sign_on
from hotline.operations.sign_in.inviting import CannotInvite
from hotline.operations.transaction import Transaction
from hotline.settings.centre import SecondStep
from hotline.settings.sign_on_settings import SecondStepBy, SingleSignOnTable
from hotline.store.people import staff
from tests.console.centre import PASSWORD, Centre, Clock, open_centre, press, sign_in, token
from tests.console.identity_provider import (
    CLIENT,
    SECRET,
    Claims,
    IdentityProvider,
    comes_back,
    goes,
    provider_on,
    query,
)
from tests.console.links import link_for, opens
from tests.console.test_second_step import is_in, said, switched_on, types

EMAIL = "Ana@Example.org"
IDLE = timedelta(minutes=15)
POLL = {"X-Board": "1"}


@contextmanager
def opened(
    tmp_path: Path, console: dict[str, object] | None = None, **table: Any
) -> Iterator[tuple[Centre, IdentityProvider]]:
    """A centre with a provider, to whom Ana is known by her address."""
    clock = Clock()
    with provider_on(clock) as provider:
        usual = {"issuer": provider.url, "client_id": CLIENT, "label": "Example ID"}
        whole = SingleSignOnTable.model_validate({**usual, **table})
        centre = open_centre(
            tmp_path,
            console,
            single_sign_on=whole,
            PUBLIC_BASE_URL="http://localhost:8000",
            SINGLE_SIGN_ON_SECRET=SECRET,
        )
        provider.clock = centre.clock
        named(centre, "Ana Lima", EMAIL)
        yield centre, provider
        centre.application.database.dispose()


Both = tuple[Centre, IdentityProvider]


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    """As shipped."""
    with opened(tmp_path) as found:
        yield found


def named(centre: Centre, name: str, there: str) -> None:
    """Somebody gets a name at the provider."""

    def work(transaction: Transaction) -> None:
        row = staff.get(transaction.tx, centre.people[name])
        assert row is not None
        single_sign_on.name_them(transaction, row, there, None)

    centre.application.change(work)


# --- the way there and back ------------------------------------------------------------------------------------------


def test_whoever_the_provider_vouches_for_is_in(both: Both) -> None:
    """To where they wanted to go; with state, nonce and PKCE; said in their history."""
    centre, provider = both
    client = centre.someone()
    assert "Sign in with Example ID" in client.get("/sign-in").text
    there = query(client.get("/sign-in/single").location)
    assert there["redirect_uri"] == "http://localhost:8000/sign-in/single/back"
    assert there["code_challenge_method"] == "S256"
    assert min(len(there[name]) for name in ("state", "nonce", "code_challenge")) >= 40
    assert comes_back(client, "/sign-in/single?next=/on-call").location == "/on-call"
    assert is_in(client)
    assert "Signed in by single sign-on" in said(client.get("/account"))
    assert provider.asked.count("/.well-known/openid-configuration") == 1
    assert "sign in provider" in centre.audited()


def test_a_sign_in_begun_elsewhere_or_long_ago_is_begun_anew(both: Both) -> None:
    """Nobody is signed in by a link that somebody else has sent them; and no answer counts twice."""
    centre, _ = both
    thief, victim, late = centre.someone(), centre.someone(), centre.someone()
    address = goes(thief)
    victim.get("/sign-in/single")
    for client in (victim, centre.someone()):
        refused = client.get(f"/{address}")
        assert (refused.status_code, "Begin again" in said(refused)) == (401, True)
    assert thief.get(f"/{address}").status_code == 303
    assert thief.get(f"/{address}").status_code == 401
    address = goes(late)
    centre.clock.pass_by(timedelta(minutes=10))
    assert late.get(f"/{address}").status_code == 401
    assert not is_in(late)


def test_a_provider_that_refuses_is_said_kindly(both: Both) -> None:
    """They pressed cancel there, or it knows better; a code that somebody made up is worth nothing."""
    centre, _ = both
    client = centre.someone()
    state = query(client.get("/sign-in/single").location)["state"]
    refused = client.get(f"/sign-in/single/back?error=access_denied&state={state}")
    assert (refused.status_code, "did not vouch" in said(refused)) == (401, True)
    state = query(client.get("/sign-in/single").location)["state"]
    assert client.get(f"/sign-in/single/back?code=made-up&state={state}").status_code == 401
    address = goes(client)
    assert client.get(f"/{address}".replace("iss=http", "iss=https")).status_code == 401
    assert not is_in(client)


def test_made_up_codes_have_us_ask_the_provider_so_many_times_and_no_more(both: Both) -> None:
    """From one address; nobody else waits for it."""
    centre, provider = both

    def tries(address: str) -> int:
        client = centre.someone()
        state = query(client.get("/sign-in/single").location)["state"]
        made_up = f"/sign-in/single/back?code=x&state={state}"
        return client.get(made_up, environ_base={"REMOTE_ADDR": address}).status_code

    assert [tries("203.0.113.7") for _ in range(7)] == [401] * 5 + [429] * 2
    assert provider.asked.count("/token") == 5
    assert tries("198.51.100.4") == 401


# --- what is believed --------------------------------------------------------------------------------------------


def _without(name: str) -> Callable[[Claims], Claims]:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def _with(**other: object) -> Callable[[Claims], Claims]:
    return lambda claims: {**claims, **other}


@pytest.mark.parametrize(
    "spoil",
    [
        *map(_without, ("iss", "aud", "exp", "iat", "nonce", "sub")),
        _with(iss="https://evil.example"),
        _with(aud="another-client"),
        _with(aud=["another-client", CLIENT]),
        _with(aud=[CLIENT, "another"], azp="another"),
        _with(nonce="another"),
        _with(exp=1),
        _with(iat=9_999_999_999),
        _with(at_hash="bm90IHRoYXQgdG9rZW4"),
    ],
)
def test_a_token_that_isn_t_wholly_right_lets_nobody_in(
    both: Both, spoil: Callable[[Claims], Claims]
) -> None:
    """For another one, for another client, too old, without what it must have."""
    centre, provider = both
    provider.spoil = spoil
    client = centre.someone()
    refused = comes_back(client)
    assert (refused.status_code, "did not vouch" in said(refused)) == (401, True)
    assert not is_in(client)


def test_a_token_by_another_key_is_not_believed_and_a_new_key_of_theirs_is(both: Both) -> None:
    """Providers change their keys: the new one is asked for, once it is published."""
    centre, provider = both
    assert comes_back(centre.someone()).status_code == 303
    centre.clock.pass_by(timedelta(minutes=1))
    provider.key = provider.others_key()
    assert comes_back(centre.someone()).status_code == 401
    centre.clock.pass_by(timedelta(minutes=1))
    provider.published.append(provider.key)
    assert comes_back(centre.someone()).status_code == 303


def test_a_token_signed_with_what_we_share_is_not_believed(both: Both) -> None:
    """Whoever knows the client's secret could make it."""
    centre, provider = both
    provider.key = OctKey.import_key(SECRET.ljust(40, "!"), {"kid": "k1"})  # type: ignore[assignment]
    provider.header = {"alg": "HS256"}
    assert comes_back(centre.someone()).status_code == 401


# --- who is let in -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ({"email": "zoe@example.org"}, "Nobody on the staff has that name"),
        ({"email_verified": False}, "has not verified"),
        ({"email_verified": None}, "has not verified"),
        ({"email": None}, "does not say who you are"),
        ({"email": " "}, "does not say who you are"),
    ],
)
def test_who_is_not_known_here_is_told_why(both: Both, who: Claims, words: str) -> None:
    """And nobody is put on the staff by it."""
    centre, provider = both
    provider.who.update(who)
    client = centre.someone()
    refused = comes_back(client)
    assert (refused.status_code, words in said(refused)) == (403, True)
    assert not is_in(client)


def test_a_name_that_somebody_else_gets_there_opens_nothing(both: Both) -> None:
    """Until a supervisor gives it anew: the account behind it must be the one that it was."""
    centre, provider = both
    assert comes_back(centre.someone()).status_code == 303
    provider.who["sub"] = "u2"
    refused = comes_back(centre.someone())
    assert (refused.status_code, "Another account had that name" in said(refused)) == (403, True)
    assert "refused" in said(centre.signed_in("Ana Lima").get("/account"))
    page = press(
        centre.signed_in("Eve Stone"), f"/people/{centre.people['Ana Lima']}/provider-name", name=EMAIL
    )
    assert page.location == "/people"
    assert comes_back(centre.someone()).status_code == 303


def test_whoever_is_off_the_staff_is_off_whatever_the_provider_says(both: Both) -> None:
    """And only one has one name."""
    centre, _ = both
    with pytest.raises(ValueError, match="Somebody else"):
        named(centre, "Ben Ortiz", EMAIL.lower())
    centre.change_person("Ana Lima", active=False)
    refused = comes_back(centre.someone())
    assert (refused.status_code, "not on the staff" in said(refused)) == (403, True)


def test_only_who_is_in_a_group_that_may(tmp_path: Path) -> None:
    """Where the centre says so."""
    with opened(tmp_path, groups=("hotline", "crisis")) as (centre, provider):
        refused = comes_back(centre.someone())
        assert (refused.status_code, "none of the groups" in said(refused)) == (403, True)
        provider.who["groups"] = ["payroll", "crisis"]
        assert comes_back(centre.someone()).status_code == 303


def test_newcomers_are_put_on_the_staff_where_the_centre_says_so(tmp_path: Path) -> None:
    """With the role that it says, a phone that nobody rings until it is verified, and their own account there."""
    with opened(tmp_path, newcomers="trainee") as (centre, provider):
        provider.who = {"sub": "u9", "email": "zoe@example.org", "email_verified": True}
        assert "no name and phone" in said(comes_back(centre.someone()))
        provider.who.update(name="Zoe  Park", phone_number="+16175550190")
        client = centre.someone()
        assert comes_back(client).status_code == 303
        page = said(client.get("/account"))
        assert "Zoe Park, trainee" in page
        assert "not verified" in page
        assert comes_back(centre.someone()).status_code == 303
        provider.who.update(sub="u10", email="other@example.org")
        assert "has your name or phone" in said(comes_back(centre.someone()))


def test_the_second_step_is_the_provider_s_or_ours(tmp_path: Path) -> None:
    """Where ours is asked for, it is asked for after the provider, too."""
    with opened(tmp_path, {"second_step": SecondStep.REQUIRED}) as (centre, _):
        assert comes_back(centre.someone()).location == "/board"
    (tmp_path / "here").mkdir()
    with opened(tmp_path / "here", second_step=SecondStepBy.HERE) as (centre, _):
        app, _ = switched_on(centre)
        client = centre.someone()
        assert comes_back(client).location == "/sign-in/second"
        assert not is_in(client)
        assert types(client, app.at(centre.clock())).status_code == 303


# --- whoever must, and when it is away -------------------------------------------------------------------------------


@pytest.fixture
def must(tmp_path: Path) -> Iterator[Both]:
    """Coordinators sign in by the provider, and in no other way."""
    with opened(tmp_path, required_for=(Role.COORDINATOR,)) as found:
        yield found


def test_where_it_must_be_a_password_opens_nothing(must: Both) -> None:
    """Told only to whoever has it; others sign in as ever, and no link is made for a password that opens nothing."""
    centre, _ = must
    refused = sign_in(centre.someone(), "Ana Lima")
    assert (refused.status_code, "sign in with Example ID" in said(refused)) == (403, True)
    assert "Example ID" not in said(sign_in(centre.someone(), "Ana Lima", "wrong")).partition("Check both")[0]
    assert sign_in(centre.someone(), "Eve Stone").location == "/board"
    with pytest.raises(CannotInvite, match="Example ID"):
        link_for(centre, "Ana Lima", inviting.reset)
    assert comes_back(centre.someone()).location == "/board"


def test_while_the_provider_is_away_the_others_get_in_and_the_glass_can_be_broken(must: Both) -> None:
    """It is said at once, and it isn't asked again for some seconds: no page of ours waits for it."""
    centre, provider = must
    provider.away = True
    client = centre.someone()
    refused = client.get("/sign-in/single")
    assert (refused.status_code, "be reached" in said(refused)) == (503, True)
    assert [client.get("/sign-in/single").status_code for _ in range(5)] == [503] * 5
    assert len(provider.asked) == 1
    assert sign_in(centre.someone(), "Eve Stone").location == "/board"
    link = link_for(centre, "Ana Lima", inviting.break_glass)
    hers = centre.someone()
    opens(hers, link.code)
    entered = hers.post("/sign-in/welcome", data={"csrf_token": token(hers, "/sign-in/welcome")})
    assert entered.location == "/board"
    assert is_in(hers)
    provider.away = False
    centre.clock.pass_by(timedelta(seconds=10))
    assert comes_back(centre.someone()).status_code == 303


def test_a_provider_that_goes_away_in_the_middle_is_said_so_and_costs_no_try(both: Both) -> None:
    """Its code is still good when it is back."""
    centre, provider = both
    for _ in range(7):
        client = centre.someone()
        address = goes(client)
        provider.away = True
        assert client.get(f"/{address}").status_code == 503
        provider.away = False
        centre.clock.pass_by(timedelta(seconds=10))
    assert comes_back(centre.someone()).status_code == 303


@pytest.mark.parametrize("wrong", [b"", b"{", b"[]", b'{"issuer": "https://evil.example"}', b"x" * 300_000])
def test_an_answer_that_is_none_is_as_if_it_were_away(both: Both, wrong: bytes) -> None:
    """Whatever stands there in its place."""
    centre, provider = both
    provider.about = wrong
    assert centre.someone().get("/sign-in/single").status_code == 503


def test_what_it_says_of_itself_is_asked_anew_each_hour(both: Both) -> None:
    """Not with each sign-in."""
    centre, provider = both
    for _ in range(2):
        assert comes_back(centre.someone()).status_code == 303
    assert provider.asked.count("/keys") == 1
    centre.clock.pass_by(FRESH)
    assert comes_back(centre.someone()).status_code == 303
    assert provider.asked.count("/keys") == 2


# --- the lock, and leaving --------------------------------------------------------------------------------------


def test_it_unlocks_a_page_from_another_tab_for_whoever_proves_themselves_anew(both: Both) -> None:
    """The locked page finds itself open; nothing of it was left for that."""
    centre, _ = both
    client = centre.someone()
    comes_back(client)
    client.get("/board")
    centre.clock.pass_by(IDLE)
    page = client.get("/board").text
    assert 'href="/unlock/single" target="_blank"' in page
    there = query(client.get("/unlock/single").location)
    assert (there["prompt"], there["max_age"]) == ("login", "0")
    done = comes_back(client, "/unlock/single")
    assert "Close this tab" in said(done)
    assert "X-Locked" not in client.get("/board/live", headers=POLL).headers
    assert "Unlocked by single sign-on" in said(client.get("/account"))


@pytest.mark.parametrize("how", ["nobody asked", "it doesn't say", "a colleague"])
def test_an_open_door_at_the_provider_unlocks_nothing(both: Both, how: str) -> None:
    """Whoever sits down before the locked page would have it."""
    centre, provider = both
    client = centre.someone()
    comes_back(client)
    client.get("/board")
    centre.clock.pass_by(IDLE)
    if how == "nobody asked":
        provider.spoil = lambda claims: {**claims, "auth_time": claims["iat"] - 3600}
    elif how == "it doesn't say":
        provider.says_when = False
    else:
        named(centre, "Ben Ortiz", "ben@example.org")
        provider.who.update(sub="u5", email="ben@example.org")
    assert comes_back(client, "/unlock/single").status_code == 403
    assert client.get("/board/live", headers=POLL).headers["X-Locked"] == "1"


def test_signing_out_offers_to_sign_out_there_too(both: Both) -> None:
    """On a shared computer the next one could come in by its open door."""
    centre, provider = both
    client = centre.someone()
    comes_back(client)
    left = press(client, "/sign-out")
    page = client.get(left.location).text
    assert 'href="/sign-in/single/farewell"' in page
    there = client.get("/sign-in/single/farewell").location
    assert there.startswith(f"{provider.url}/out?")
    assert query(there)["post_logout_redirect_uri"] == "http://localhost:8000/sign-in"
    other = centre.signed_in("Ben Ortiz")
    assert "farewell" not in other.get(press(other, "/sign-out").location).text


def test_an_account_without_a_password_is_changed_only_soon_after_signing_in(both: Both) -> None:
    """There is nothing else to ask for."""
    centre, _ = both
    centre.change_person("Ana Lima", password_hash=None)
    client = centre.someone()
    comes_back(client)
    assert "Your password" not in client.get("/account").text
    assert press(client, "/account/second-step/begin").location == "/account"
    centre.clock.pass_by(timedelta(minutes=10))
    refused = press(client, "/account/second-step/begin")
    assert (refused.status_code, "sign out and in again" in said(refused)) == (422, True)


def test_without_a_provider_nothing_of_it_is_there(centre: Centre) -> None:
    """As most centres have none."""
    client = centre.someone()
    assert "single" not in client.get("/sign-in").text
    for address in ("/sign-in/single", "/sign-in/single/back", "/sign-in/single/farewell", "/unlock/single"):
        assert client.get(address).status_code == 404
    assert "provider-name" not in centre.signed_in("Eve Stone").get("/people").text
    assert sign_in(centre.someone(), "Ana Lima", PASSWORD).status_code == 303


# --- every setting acts ----------------------------------------------------------------------------------------------

Look = Callable[[Centre, IdentityProvider], object]


def _button(centre: Centre, _: IdentityProvider) -> object:
    return "single_sign_on" in centre.app.view_functions, said(centre.someone().get("/sign-in"))


def _there(centre: Centre, _: IdentityProvider) -> object:
    return query(centre.someone().get("/sign-in/single").location)["client_id"]


def _back(centre: Centre, provider: IdentityProvider) -> object:
    provider.who["groups"] = ["crisis"]
    return comes_back(centre.someone()).status_code


def _new(centre: Centre, provider: IdentityProvider) -> object:
    provider.who.update(email="zoe@example.org", name="Zoe Park", phone_number="+16175550190")
    return comes_back(centre.someone()).status_code


def _by_password(centre: Centre, _: IdentityProvider) -> object:
    return sign_in(centre.someone(), "Ana Lima").status_code


def _then(centre: Centre, _: IdentityProvider) -> object:
    switched_on(centre)
    return comes_back(centre.someone()).location


def _slowly(centre: Centre, provider: IdentityProvider) -> object:
    provider.takes = 0.4
    return centre.someone().get("/sign-in/single").status_code


SETTINGS: dict[str, tuple[Look, object, dict[str, object]]] = {
    "issuer": (_button, "", {}),
    "client_id": (_there, "another", {}),
    "label": (_button, "Another ID", {}),
    "claim": (_back, "preferred_username", {}),
    "groups_claim": (_back, "departments", {"groups": ["crisis"]}),
    "groups": (_back, ["payroll"], {}),
    "required_for": (_by_password, ["coordinator"], {}),
    "second_step": (_then, "here", {}),
    "newcomers": (_new, "trainee", {}),
    "timeout": (_slowly, "0.2s", {}),
}
"""How each shows, with which other value, and what else is set in both."""


@pytest.mark.parametrize("setting", SETTINGS)
def test_with_another_value_people_notice_something_else(tmp_path: Path, setting: str) -> None:
    """The same people come."""
    look, value, beside = SETTINGS[setting]
    seen = []
    for number, table in enumerate((beside, {**beside, setting: value})):
        (tmp_path / str(number)).mkdir()
        with opened(tmp_path / str(number), None, **table) as (centre, provider):
            seen.append(look(centre, provider))
    assert seen[0] != seen[1]
