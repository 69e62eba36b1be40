"""Calls, messages, rooms and numbers as Twilio's JSON."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime

from hotline.simulator.calls.call import Call
from hotline.simulator.conference.conferences import Participant, Room
from hotline.simulator.kernel import API_VERSION, AccountNumber
from hotline.simulator.texts.message import Message

Shape = dict[str, object]


def rfc2822(moment: datetime | None) -> str | None:
    return format_datetime(moment) if moment else None


def call_shape(account: str, call: Call) -> Shape:
    uri = f"/{API_VERSION}/Accounts/{account}/Calls/{call.sid}"
    return {
        "sid": call.sid,
        "account_sid": account,
        "parent_call_sid": call.parent.sid if call.parent else None,
        "to": call.to,
        "to_formatted": call.to,
        "from": call.from_,
        "from_formatted": call.from_,
        "phone_number_sid": None,
        "status": "queued" if call.status == "initiated" else call.status.value,
        "direction": call.direction,
        "date_created": rfc2822(call.created_at),
        "date_updated": rfc2822(call.ended_at or call.answered_at or call.created_at),
        "start_time": rfc2822(call.started_at),
        "end_time": rfc2822(call.ended_at),
        "duration": str(call.seconds) if call.over else None,
        "price": None,
        "price_unit": "USD",
        "answered_by": call.answered_by,
        "api_version": API_VERSION,
        "queue_time": str(round(call.queue_seconds * 1000)),
        "uri": f"{uri}.json",
        "subresource_uris": {"notifications": f"{uri}/Notifications.json"},
        **dict.fromkeys(("annotation", "caller_name", "forwarded_from", "group_sid", "trunk_sid")),
    }


def message_shape(account: str, message: Message) -> Shape:
    uri = f"/{API_VERSION}/Accounts/{account}/Messages/{message.sid}"
    return {
        "sid": message.sid,
        "account_sid": account,
        "api_version": API_VERSION,
        "body": message.body,
        "direction": message.direction,
        "from": message.from_,
        "to": message.to,
        "status": message.status,
        "error_code": message.error_code,
        "error_message": None,
        "date_created": rfc2822(message.created_at),
        "date_sent": rfc2822(message.sent_at),
        "date_updated": rfc2822(message.updated_at or message.created_at),
        "num_media": str(len(message.media)),
        "num_segments": str(message.segments),
        "messaging_service_sid": None,
        "price": None,
        "price_unit": "USD",
        "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def room_shape(account: str, room: Room) -> Shape:
    uri = f"/{API_VERSION}/Accounts/{account}/Conferences/{room.sid}"
    return {
        "sid": room.sid,
        "account_sid": account,
        "api_version": API_VERSION,
        "friendly_name": room.name,
        "status": room.status,
        "region": "us1",
        "reason_conference_ended": room.reason,
        "call_sid_ending_conference": room.ended_by,
        "date_created": rfc2822(room.created_at),
        "date_updated": rfc2822(room.updated_at or room.created_at),
        "uri": f"{uri}.json",
        "subresource_uris": {"participants": f"{uri}/Participants.json"},
    }


def participant_shape(account: str, who: Participant) -> Shape:
    sid = who.call.sid
    return {
        "account_sid": account,
        "call_sid": sid,
        "conference_sid": who.room.sid,
        "label": who.terms.label or None,
        "call_sid_to_coach": None,
        "coaching": False,
        "muted": who.muted,
        "hold": who.hold,
        "status": "connected",
        "start_conference_on_enter": who.terms.starts,
        "end_conference_on_exit": who.terms.ends,
        "queue_time": None,
        "date_created": rfc2822(who.joined_at),
        "date_updated": rfc2822(who.joined_at),
        "uri": f"/{API_VERSION}/Accounts/{account}/Conferences/{who.room.sid}/Participants/{sid}.json",
    }


def number_shape(account: str, number: AccountNumber) -> Shape:
    return {
        "sid": number.sid,
        "account_sid": account,
        "api_version": API_VERSION,
        "phone_number": number.number,
        "friendly_name": number.number,
        "capabilities": {"voice": number.speaks, "sms": number.texts, "mms": number.texts, "fax": False},
        "voice_url": number.voice_url,
        "voice_method": number.voice_method,
        "voice_fallback_url": number.voice_fallback_url,
        "voice_fallback_method": number.voice_fallback_method,
        "voice_application_sid": number.voice_application_sid or None,
        "voice_caller_id_lookup": number.voice_caller_id_lookup,
        "status_callback": number.status_callback,
        "status_callback_method": number.status_callback_method,
        "sms_url": number.sms_url,
        "sms_method": number.sms_method,
        "sms_fallback_url": number.sms_fallback_url,
        "sms_fallback_method": number.sms_fallback_method,
        "sms_application_sid": number.sms_application_sid or None,
        "trunk_sid": number.trunk_sid or None,
        "emergency_status": "Active",
        "status": "in-use",
        "uri": f"/{API_VERSION}/Accounts/{account}/IncomingPhoneNumbers/{number.sid}.json",
    }
