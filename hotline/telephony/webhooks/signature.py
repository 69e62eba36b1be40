"""Who may knock: requests that carry the account's own signature, and no others."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from typing import Final

from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Request

HEADER: Final = "X-Twilio-Signature"


class Signatures:
    """Checks signatures against one or two auth tokens (two while they are being rotated)."""

    def __init__(self, public_base_url: str, tokens: Iterable[str]) -> None:
        self._base = public_base_url
        self._validators = [RequestValidator(token) for token in tokens]

    def is_genuine(self, request: Request, base: str | None = None) -> bool:
        """Whether the carrier signed this request for this address. Never raises, whatever was sent.

        `base`: only to find out what is wrong, the address that it may have been signed for instead.

        The address is built from the configured public one, never from what the request says of itself.
        Signed are all parameters that arrived, whatever they are. JSON is refused: nothing of ours is sent any.
        """
        signature = request.headers.get(HEADER)
        if not signature or request.mimetype == "application/json":
            return False
        query = request.query_string.decode("latin-1")
        url = f"{base or self._base}{request.path}" + (f"?{query}" if query else "")
        form = _All(request.form)
        try:
            return any(_signed(validator, url, form, signature) for validator in self._validators)
        except (TypeError, ValueError, UnicodeError):
            # What the validator does with odd ports, lone surrogates and the like: not genuine.
            return False


def _signed(validator: RequestValidator, url: str, form: _All, signature: str) -> bool:
    """The validator signs three times, with and without a port; as a rule the address as it is will do."""
    plain = validator.compute_signature(url, form).encode()
    return hmac.compare_digest(plain, signature.encode()) or bool(validator.validate(url, form, signature))


class _All:
    """The form as the validator reads it: names, and every value of a name that was sent more than once."""

    def __init__(self, form: MultiDict[str, str]) -> None:
        self._form = form

    def __len__(self) -> int:
        return len(self._form)

    def __iter__(self) -> Iterator[str]:
        return iter(self._form)

    def getall(self, name: str) -> list[str]:
        return self._form.getlist(name)
