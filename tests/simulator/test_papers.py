"""What the account has on paper, read through Twilio's own client library."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException

from hotline.simulator.papers import SHAKEN, Campaign, Dialling, Service, TollFree, TrustProduct

from .conftest import LINE, SID, SITE, TOKEN, World

ANA = "+16175550101"


def test_the_account_is_told(world: World) -> None:
    """Its state and its kind."""
    account = world.client.api.accounts(SID).fetch()
    assert (account.status, account.type) == ("active", "Full")


def test_services_have_numbers_and_a_campaign(world: World) -> None:
    """And a service without a campaign has an empty list of them."""
    papers = world.sim.kernel.papers
    papers.services = [Service("Line", [LINE], campaign=Campaign("IN_PROGRESS")), Service("Other")]
    first, other = world.client.messaging.v1.services.list()
    assert [
        one.phone_number for one in world.client.messaging.v1.services(first.sid).phone_numbers.list()
    ] == [LINE]
    (campaign,) = world.client.messaging.v1.services(first.sid).us_app_to_person.list()
    assert campaign.campaign_status == "IN_PROGRESS"
    assert world.client.messaging.v1.services(other.sid).us_app_to_person.list() == []


def test_lists_go_on_over_pages(world: World) -> None:
    """The next page's address is whole, as the newer APIs give it."""
    world.sim.kernel.papers.services = [Service(f"S{number}") for number in range(5)]
    assert len(world.client.messaging.v1.services.list(page_size=2)) == 5


def test_a_service_may_have_its_own_way_in(world: World) -> None:
    """Texts to its numbers are posted where the service says, and nowhere if it says nothing."""
    service = Service("Line", [LINE], use_inbound_webhook_on_number=False)
    world.sim.kernel.papers.services = [service]
    world.caller().texts(LINE, "hello")
    world.pass_(5)
    assert world.app.forms("/sms") == []
    changed = world.client.messaging.v1.services(service.sid).update(use_inbound_webhook_on_number=True)
    assert changed.use_inbound_webhook_on_number is True
    world.caller().texts(LINE, "hello again")
    world.pass_(5)
    assert [form["Body"] for form in world.app.forms("/sms")] == ["hello again"]


def test_a_toll_free_number_is_verified_or_not(world: World) -> None:
    """Asked for by the number's SID."""
    number = world.sim.number("+18005550199")
    world.sim.kernel.papers.toll_free = [TollFree("+18005550199", "TWILIO_REJECTED", error_code=30493)]
    (found,) = world.client.messaging.v1.tollfree_verifications.list(tollfree_phone_number_sid=number.sid)
    assert (found.status, found.error_code) == ("TWILIO_REJECTED", 30493)
    other = world.sim.kernel.numbers[LINE].sid
    assert world.client.messaging.v1.tollfree_verifications.list(tollfree_phone_number_sid=other) == []


def test_trust_products_name_their_numbers(world: World) -> None:
    """By the SIDs of the numbers."""
    world.sim.kernel.papers.trust_products = [TrustProduct(SHAKEN, "Calls", [LINE])]
    (product,) = world.client.trusthub.v1.trust_products.list()
    assigned = world.client.trusthub.v1.trust_products(
        product.sid
    ).trust_products_channel_endpoint_assignment.list()
    assert product.policy_sid == SHAKEN
    assert [one.channel_endpoint_sid for one in assigned] == [world.sim.kernel.numbers[LINE].sid]


def test_permissions_are_told_by_country(world: World) -> None:
    """For calls with the three kinds of numbers, for texts as they are."""
    world.sim.kernel.papers.calls_to["LV"] = Dialling(toll_fraud=True)
    risky = world.client.voice.v1.dialing_permissions.countries.list(high_risk_tollfraud_numbers_enabled=True)
    assert [one.iso_code for one in risky] == ["LV"]
    texts = world.client.accounts.v1.messaging_geopermissions.fetch()
    assert [one["country_code"] for one in texts.permissions if one["enabled"]] == ["US"]


def test_rcs_senders_are_told(world: World) -> None:
    """By their channel."""
    world.sim.kernel.papers.rcs_senders = ["centre"]
    (sender,) = world.client.messaging.v2.channels_senders.list(channel="rcs")
    assert sender.sender_id == "rcs:centre"


def test_a_call_says_how_long_it_waits_for_its_second(world: World) -> None:
    """In milliseconds: the account starts one call a second."""
    waits = [world.client.calls.create(to=ANA, from_=LINE, url=f"{SITE}/x").queue_time for _ in range(3)]
    assert waits == ["0", "1000", "2000"]


def test_a_bin_is_read_by_whoever_can_sign(world: World) -> None:
    """Nobody else reads it."""
    address = "https://handler.twilio.com/twiml/EH" + "a" * 32
    world.sim.bin(address, "<Response/>")
    asked = f"{address}?AccountSid={SID}"
    signature = base64.b64encode(hmac.new(TOKEN.encode(), asked.encode(), hashlib.sha1).digest()).decode()
    assert world.session.get(asked, headers={"X-Twilio-Signature": signature}).text == "<Response/>"
    assert world.session.get(asked).status_code == 403


def test_a_number_is_pointed_elsewhere_and_back(world: World) -> None:
    """An application or a trunk takes the place of addresses, until it is taken away."""
    number = world.sim.kernel.numbers[LINE]
    at = world.client.incoming_phone_numbers(number.sid)
    assert at.update(voice_application_sid="AP" + "1" * 32).voice_application_sid == "AP" + "1" * 32
    assert at.update(voice_application_sid="").voice_application_sid is None
    with pytest.raises(TwilioRestException):
        at.update(trunk_sid="nowhere")


def test_what_is_made_unreadable_is_refused(world: World) -> None:
    """With that status, and nothing else is."""
    world.sim.kernel.papers.unreadable["/v1/TrustProducts"] = 403
    with pytest.raises(TwilioException) as refused:
        world.client.trusthub.v1.trust_products.list()
    assert refused.value.args[1].status_code == 403
    assert world.client.messaging.v1.services.list() == []
