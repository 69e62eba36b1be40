"""A picture or file that came with a text, on a click: fetched by us, handed to the browser to keep, shown nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from flask import Response, abort, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from hotline.console.frame.asking import current_application
from hotline.console.frame.gate import only
from hotline.console.frame.one_case import opened
from hotline.console.frame.rights import Right
from hotline.console.frame.signed_in import Person
from hotline.console.language.speech import gettext
from hotline.model import ContactId
from hotline.operations.texts import attachments
from hotline.operations.texts.attachments import Fetcher, NotFetched

FETCHER: Final = "hotline.console.media"
SAFE_TYPES: Final[Mapping[str, str]] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/amr": "amr",
    "audio/ogg": "ogg",
    "video/mp4": "mp4",
    "video/3gpp": "3gp",
    "application/pdf": "pdf",
    "text/vcard": "vcf",
    "text/plain": "txt",
}
"""What a file may call itself, and how its name then ends; anything else is bytes without a name."""
_ANYTHING: Final = "application/octet-stream"
_ALONE: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"


@only(Right.WORK)
def show(person: Person, contact_id: str, message_id: str, number: int) -> ResponseReturnValue:
    """The file, as a download; nothing in it runs here."""
    contact = ContactId(contact_id)
    application = current_application()
    opened(person, contact_id)
    wanted = application.change(
        lambda transaction: attachments.ask(transaction, contact, message_id, number, person.id)
    )
    if wanted is None:
        abort(404)
    fetcher = cast("Fetcher | None", current_app.extensions.get(FETCHER))
    try:
        if fetcher is None:
            raise NotFetched("nobody fetches")
        file = fetcher.fetch(wanted.message_sid, wanted.media)
    except NotFetched as refused:
        current_app.logger.warning("media not fetched: %s", refused)
        flash(
            gettext(
                "It can't be had: it is gone from the provider, too large, or the provider can't be reached."
            ),
            "bad",
        )
        return redirect(url_for("console.thread", contact_id=contact_id), 303)
    return _download(file.body, file.content_type.partition(";")[0].strip().lower(), number)


def _download(body: bytes, content_type: str, number: int) -> Response:
    ending = SAFE_TYPES.get(content_type)
    response = Response(body, content_type=content_type if ending else _ANYTHING)
    name = f"attachment-{number + 1}.{ending or 'bin'}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = _ALONE
    return response
