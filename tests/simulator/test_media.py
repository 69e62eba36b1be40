"""Pictures that come with texts, and the removal of what was said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from requests import Response
from twilio.base.exceptions import TwilioRestException

from hotline.simulator import Attachment

from .conftest import LINE, SID, TOKEN, Application, World

PICTURE = Attachment("image/png", b"\x89PNG and so on")


def came_with(world: World, app: Application, *media: str | Attachment) -> list[str]:
    """The addresses of what came with a text."""
    app.says("/sms")
    world.caller().texts(LINE, "look", media=media)
    world.pass_(0)
    form = app.forms("/sms")[-1]
    return [form[f"MediaUrl{place}"] for place in range(int(form["NumMedia"]))]


def get(world: World, url: str, *, known: bool) -> Response:
    """Ask for it, with the account's credentials or without any."""
    auth = (SID, TOKEN) if known else None
    return world.session.get(url, auth=auth, allow_redirects=False)


def test_media_are_fetched_with_credentials_and_a_redirect_to_the_store(
    world: World, app: Application
) -> None:
    """The store asks for none: its address is the key, for four hours."""
    (url,) = came_with(world, app, PICTURE)
    assert get(world, url, known=False).status_code == 401
    sent_on = get(world, url, known=True)
    assert sent_on.status_code == 307
    stored = sent_on.headers["Location"]
    assert stored.startswith("https://mms.twiliocdn.com/media-store/")
    got = get(world, stored, known=False)
    assert (got.content, got.headers["Content-Type"]) == (PICTURE.data, "image/png")
    world.clock.now += timedelta(hours=4)
    assert get(world, stored, known=False).status_code == 404


def test_credentials_shown_to_the_store_are_a_violation(world: World, app: Application) -> None:
    """They were shown to a stranger."""
    (url,) = came_with(world, app, PICTURE)
    stored = get(world, url, known=True).headers["Location"]
    get(world, stored, known=True)
    assert [one.what for one in world.sim.violations] == ["credentials were sent to the media store"]


def test_media_are_listed_described_and_deleted(world: World, app: Application) -> None:
    """One by one; what is deleted can't be had by an old address either."""
    urls = came_with(world, app, "a.jpg", "b.vcf")
    message = world.client.messages(urls[0].split("/")[-3])
    listed = message.media.list()
    assert [one.content_type for one in listed] == ["image/jpeg", "text/vcard"]
    stored = get(world, urls[0], known=True).headers["Location"]
    assert message.media(listed[0].sid).fetch().sid == listed[0].sid
    message.media(listed[0].sid).delete()
    assert get(world, stored, known=False).status_code == 404
    assert get(world, urls[0], known=True).status_code == 404
    with pytest.raises(TwilioRestException, match="not found"):
        message.media(listed[0].sid).delete()
    message.delete()
    assert get(world, urls[1], known=True).status_code == 404


def test_another_account_s_media_can_t_be_had(world: World, app: Application) -> None:
    """Nor those of another message."""
    (url,) = came_with(world, app, PICTURE)
    assert get(world, url.replace(SID, "AC" + "1" * 32), known=True).status_code == 404
    assert get(world, url.replace("/MM", "/SM"), known=True).status_code == 404


def test_a_body_is_emptied_only_when_the_message_has_arrived(world: World) -> None:
    """Before that the API refuses; a second time changes nothing."""
    person = world.caller()
    sent = world.client.messages.create(to=person.number, from_=LINE, body="S01")
    with pytest.raises(TwilioRestException, match="final state"):
        world.client.messages(sent.sid).update(body="")
    world.pass_(2)
    world.client.messages(sent.sid).update(body="")
    assert world.client.messages(sent.sid).fetch().body == ""
    world.client.messages(sent.sid).update(body="")
    with pytest.raises(TwilioRestException, match="Invalid parameter"):
        world.client.messages(sent.sid).update(body="another")
