"""What the centre has decided, shown: every setting, every sentence, who is not put through; and never a secret."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.model import PhoneNumber
from hotline.operations.conversation import blocking
from hotline.settings.centre import Centre as CentreSettings
from hotline.settings.environment import PLAIN, SECRETS
from hotline.settings.explained import ENVIRONMENT, explained
from hotline.settings.in_force import SettingInForce, SettingSource, in_force
from hotline.settings.load import load_settings
from tests.console.centre import EPOCH, Centre, press
from tests.settings.examples import REPOSITORY, good_environment

ANA, EVE, ADAM, CHLOE = "Ana Lima", "Eve Stone", "Adam Cole", "Chloe Baptiste"
MIA = PhoneNumber("+16175550142")


def held(directory: Path, **environment: str) -> dict[tuple[str, str], SettingInForce]:
    found = in_force(load_settings(good_environment(directory, **environment)))
    return {(table.name, one.key): one for table in found.tables for one in table.settings}


def with_a_file(directory: Path, *said: str) -> dict[str, str]:
    """A copy of the shipped file, in which these take the place of what is commented out."""
    text = (REPOSITORY / "hotline.toml").read_text(encoding="utf-8")
    key = said[0].split()[0] if said else "nothing"
    text = re.sub(rf"^# {key} = .*$", "\n".join(said), text, count=1, flags=re.MULTILINE)
    file = directory / "hotline.toml"
    file.write_text(text, encoding="utf-8")
    return {**good_environment(directory), "HOTLINE_CONFIG": str(file)}


def test_every_setting_is_explained_and_shown(tmp_path: Path) -> None:
    """In the words of the one page that explains them: nothing that may be set is missing."""
    shown = held(tmp_path)
    tables = {
        (name, key)
        for name, field in CentreSettings.model_fields.items()
        if (shape := field.annotation) is not None and hasattr(shape, "model_fields")
        for key in shape.model_fields
    }
    assert set(shown) == tables | {(ENVIRONMENT, name) for name in (*PLAIN, *SECRETS)}
    assert all(one.words for one in shown.values())
    assert explained()[0].name == ENVIRONMENT
    assert not any("](" in one.words or "**" in one.words for one in shown.values())


def test_where_a_setting_was_said_stands_beside_it(tmp_path: Path) -> None:
    """In which line of the file; in the environment, or in a file that it names; or nowhere."""
    token = tmp_path / "token"
    token.write_text("t" * 32, encoding="utf-8")
    environment = with_a_file(tmp_path, 'staff_ring = "90s"')
    file = Path(environment["HOTLINE_CONFIG"])
    line = file.read_text(encoding="utf-8").splitlines().index('staff_ring = "90s"') + 1
    found = in_force(load_settings({**environment, "METRICS_TOKEN_FILE": str(token), "PORT": "8123"}))
    shown = {(table.name, one.key): one for table in found.tables for one in table.settings}
    ring = shown["waits", "staff_ring"]
    assert (ring.value, ring.default, ring.source, ring.line) == (
        '"90s"',
        '`"25s"`',
        SettingSource.FILE,
        line,
    )
    assert shown["waits", "caller_ring"].source is SettingSource.DEFAULT
    assert (shown[ENVIRONMENT, "PORT"].value, shown[ENVIRONMENT, "PORT"].source) == (
        "8123",
        SettingSource.ENVIRONMENT,
    )
    assert shown[ENVIRONMENT, "METRICS_TOKEN"].source is SettingSource.SECRET_FILE
    assert not found.changed


def test_a_file_that_says_something_else_by_now_is_told(tmp_path: Path) -> None:
    """And one that could not be used any more: with what is wrong, before the next start finds out."""
    settings = load_settings(with_a_file(tmp_path))
    assert not in_force(settings).changed
    with_a_file(tmp_path, 'family = "45m"')
    later = in_force(settings)
    assert (later.changed, later.problems) == (True, ())
    with_a_file(tmp_path, 'family = "45m"', "familly = 3")
    broken = in_force(settings)
    assert broken.changed
    assert any("familly" in one for one in broken.problems)


def test_no_secret_is_on_the_page(centre: Centre) -> None:
    """Only that it is set."""
    settings = centre.application.settings
    secrets = [
        settings.twilio_auth_token.get_secret_value(),
        settings.secret_key.get_secret_value(),
        *(str(key.get_secret_value()) for key in settings.data_keys),
    ]
    page = centre.signed_in(ADAM).get("/settings").text
    assert "set, and not shown" in page
    assert not any(secret in page for secret in secrets)
    assert "staff_ring" in page


def test_a_supervisor_reads_the_settings_and_nobody_changes_them(centre: Centre) -> None:
    """There is no form on these pages but those of their frame."""
    for address in ("/settings", "/settings/sentences"):
        page = centre.signed_in(EVE).get(address).text
        assert "<form" not in page.partition('<main id="content"')[2].partition("</main>")[0]
        for name in (ANA, CHLOE):
            assert centre.signed_in(name).get(address).status_code == 403


def test_sentences_say_how_long_they_are_and_whose_words_they_are(centre: Centre) -> None:
    """With the line's own name in its place; each that is said can be read aloud."""
    page = centre.signed_in(ADAM).get("/settings/sentences").text
    assert "first_words" in page
    assert "As it came" in page
    assert re.search(r"\d part", page)
    aloud = re.findall(r'data-aloud="(said-[^"]+)"', page)
    assert len(aloud) > 50
    assert all(f'id="{one}"' in page for one in aloud)
    assert centre.signed_in(ADAM).get("/settings/sentences?language=xx").status_code == 200


def block(centre: Centre, name: str, reason: str) -> None:
    centre.application.change(
        lambda transaction: blocking.block(
            transaction.tx,
            MIA,
            reason,
            transaction.now,
            lasting=timedelta(days=1),
            by=centre.people[name],
        )
    )


def test_the_block_list_says_who_since_when_and_why(centre: Centre) -> None:
    """And puts a number through again; that somebody looked is in the audit trail, once for each look."""
    eve = centre.signed_in(EVE)
    assert "Nobody is blocked" in eve.get("/blocked").text
    block(centre, ANA, "<b>threats</b>")
    page = eve.get("/blocked").text
    assert "617-555-0142" in page
    assert "&lt;b&gt;threats&lt;/b&gt;" in page
    assert "by Ana Lima" in page
    looks = centre.audited().count("look")
    eve.get("/blocked/live", headers={"X-Board": "1"})
    assert centre.audited().count("look") == looks
    found = re.search(r"/blocked/(\w+)/unblock", page)
    assert found is not None
    done = press(eve, f"/blocked/{found[1]}/unblock", script=True).json
    assert done == {"said": "Not blocked any more.", "good": True}
    again = press(eve, f"/blocked/{found[1]}/unblock", script=True).json
    assert again == {"said": "That number is not blocked.", "good": False}
    assert "unblock" in centre.audited()


def test_whose_time_is_over_is_on_the_list_no_more(centre: Centre) -> None:
    """By itself."""
    block(centre, ANA, "threats")
    centre.clock.pass_by(timedelta(days=2))
    assert centre.clock.now > EPOCH
    assert "Nobody is blocked" in centre.signed_in(EVE).get("/blocked").text


@pytest.mark.parametrize("name", [ADAM, CHLOE])
def test_who_may_not_block_sees_no_list(centre: Centre, name: str) -> None:
    """It holds numbers of callers."""
    assert centre.signed_in(name).get("/blocked").status_code == 403


def test_a_setting_never_holds_what_another_could_not_read(tmp_path: Path) -> None:
    """Values are written as one would write them in the file."""
    shown = held(tmp_path)
    assert shown["line", "numbers"].value is not None
    assert shown["line", "numbers"].value.startswith('["+1')
    assert replace(shown["line", "name"], line=None).source is SettingSource.FILE
