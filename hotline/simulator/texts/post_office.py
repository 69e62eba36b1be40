"""Text messages: sending, receiving, opting out, and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence

from hotline.simulator.asking.postman import Failure, Outcome, Postman, Webhook
from hotline.simulator.asking.web import WebReply
from hotline.simulator.kernel import API_VERSION, Kernel, new_sid
from hotline.simulator.phones.phone import PhoneBook, ReceivedText
from hotline.simulator.texts.media import Attachment, MediaStore
from hotline.simulator.texts.message import Message
from hotline.simulator.twiml.document import MESSAGING, XML_TYPES, BadTwiml, Element, parse

STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS = frozenset({"START", "UNSTOP", "YES"})
HELP_WORDS = frozenset({"HELP", "INFO"})
STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe."
)
STARTED = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
HELPED = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
OPTED_OUT = 21610
UNKNOWN_DESTINATION = 30005
SENT_AFTER, SETTLED_AFTER = 0.5, 1.0


def _service(sender: str) -> str:
    """What stands before both addresses of a message that came by another service: "whatsapp:"."""
    return sender.partition(":")[0] + ":" if ":" in sender else ""


class PostOffice:
    """Every method is called with the kernel's lock held. `answers_help`: Twilio answers HELP by itself."""

    def __init__(self, kernel: Kernel, postman: Postman, phones: PhoneBook) -> None:
        self._kernel = kernel
        self._postman = postman
        self._phones = phones
        self.messages: list[Message] = []
        """Every text so far, in the order of happening."""
        self.answers_help = True
        self.blocked: set[tuple[str, str]] = set()
        self.media = MediaStore(kernel)

    def is_blocked(self, person: str, number: str) -> bool:
        """Has this person opted out of this number?"""
        return (person, number) in self.blocked

    # -- out ----------------------------------------------------------------------------------------------

    def send(self, message: Message) -> None:
        """Accept a message; what becomes of it comes later."""
        self.messages.append(message)
        if self.is_blocked(message.to, message.from_):
            message.error_code = OPTED_OUT
            self._kernel.after(0, lambda: self._set(message, "failed"))
            return
        self._kernel.after(SENT_AFTER, lambda: self._sent(message))

    def _sent(self, message: Message) -> None:
        message.sent_at = self._kernel.now()
        self._set(message, "sent")
        self._kernel.after(SETTLED_AFTER, lambda: self._arrives(message))

    def _arrives(self, message: Message) -> None:
        if message.to in self._kernel.numbers:
            self._set(message, "delivered")
            self.receive(message.from_, message.to, message.body, message.media)
            return
        phone = self._phones.known(message.to)
        policy = phone.sms if phone else f"undelivered:{UNKNOWN_DESTINATION}"
        if policy == "silent":
            return
        outcome, _, code = policy.partition(":")
        if outcome == "deliver" and phone is not None:
            phone.inbox.append(ReceivedText(self._kernel.now(), message.from_, message.body, message.media))
            self._set(message, "delivered")
            return
        message.error_code = int(code or UNKNOWN_DESTINATION)
        self._set(message, outcome)

    def _set(self, message: Message, status: str) -> None:
        message.status = status
        message.updated_at = self._kernel.now()
        if not message.status_callback:
            return
        parameters = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "AccountSid": self._kernel.account_sid,
            "From": message.from_,
            "To": message.to,
            "MessageStatus": status,
            "SmsStatus": status,
            "ApiVersion": API_VERSION,
        }
        if message.error_code is not None:
            parameters["ErrorCode"] = str(message.error_code)
        self._postman.post(Webhook("sms-status", message.status_callback, parameters, message.sid))

    # -- in -----------------------------------------------------------------------------------------------

    def receive(self, person: str, number: str, body: str, media: Sequence[str | Attachment]) -> Message:
        """A text from a person: Twilio keeps keywords itself, and posts the webhook all the same."""
        sid = new_sid("MM" if media else "SM")
        urls = self.media.keep(sid, media)
        message = Message(
            "inbound", person, number, body, self._kernel.now(), urls, status="received", sid=sid
        )
        message.sent_at = message.created_at
        self.messages.append(message)
        self._keyword(person, number, body.strip().upper())
        account_number = self._kernel.numbers[number]
        address = self._kernel.papers.text_address(number, account_number.sms_url)
        if address:
            self._ask(message, address, self._parameters(message), last_resort=False)
        return message

    def _keyword(self, person: str, number: str, word: str) -> None:
        if word in STOP_WORDS:
            if not self.is_blocked(person, number):
                self.blocked.add((person, number))
                self._own_reply(person, number, STOPPED)
        elif word in START_WORDS:
            if self.is_blocked(person, number):
                self.blocked.discard((person, number))
                self._own_reply(person, number, STARTED)
        elif word in HELP_WORDS and self.answers_help:
            self._own_reply(person, number, HELPED)

    def _own_reply(self, person: str, number: str, words: str) -> None:
        phone = self._phones.known(person)
        if phone is not None:
            phone.inbox.append(ReceivedText(self._kernel.now(), number, words, by_provider=True))

    def _parameters(self, message: Message) -> dict[str, str]:
        parameters = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "SmsMessageSid": message.sid,
            "AccountSid": self._kernel.account_sid,
            "From": message.from_,
            "To": _service(message.from_) + message.to,
            "Body": message.body,
            "NumMedia": str(len(message.media)),
            "NumSegments": str(message.segments),
            "SmsStatus": "received",
            "ApiVersion": API_VERSION,
        }
        files = self.media.of(message.sid)
        for place, url in enumerate(message.media):
            kind = files[url.rpartition("/")[2]].content_type
            parameters |= {f"MediaUrl{place}": url, f"MediaContentType{place}": kind}
        return parameters

    def _ask(self, message: Message, url: str, parameters: dict[str, str], *, last_resort: bool) -> None:
        def answered(outcome: Outcome) -> None:
            fallback = self._kernel.numbers[message.to].sms_fallback_url
            if not isinstance(outcome, Failure):
                self._carry_out(message, url, outcome, parameters)
            elif fallback and not last_resort:
                failed = {**parameters, "ErrorCode": str(outcome.code), "ErrorUrl": url.partition("#")[0]}
                self._ask(message, fallback, failed, last_resort=True)

        self._postman.post(Webhook("sms", url, parameters, message.sid), answered)

    def _carry_out(self, message: Message, url: str, reply: WebReply, parameters: dict[str, str]) -> None:
        if not reply.body.strip():
            return
        content_type = reply.headers.get("content-type", "")
        try:
            if content_type.partition(";")[0].strip() not in XML_TYPES:
                raise BadTwiml(f"content type {content_type!r} is not XML")
            verbs = parse(reply.body, url, MESSAGING)
        except BadTwiml as error:
            self._kernel.violation(message.sid, url, str(error))
            return
        for verb in verbs:
            if verb.name == "Redirect":
                self._ask(message, verb.target(), parameters, last_resort=False)
                return
            self._reply(message, verb)

    def _reply(self, message: Message, verb: Element) -> None:
        from_ = verb.get("from", message.to)
        if from_ not in self._kernel.numbers:
            self._kernel.violation(message.sid, verb.base, f"<Message from={from_!r}> is not ours")
            return
        body = verb.text or "".join(child.text for child in verb.children if child.name == "Body")
        media = tuple(child.target() for child in verb.children if child.name == "Media")
        callback = verb.url("statusCallback") or verb.url("action") or ""
        now = self._kernel.now()
        self.send(Message("outbound-reply", from_, verb.get("to", message.from_), body, now, media, callback))
