"""Recorded prompts, for whoever asks: they are said to every caller, and hold nothing of anybody."""

from __future__ import annotations

import io

from flask import Blueprint, Response, abort, send_file

from hotline import paths
from hotline.prompts import Prompts

KEPT_FOR = 365 * 24 * 3600
"""Seconds; an address holds one sound for ever, so the carrier need not ask again."""


def blueprint(prompts: Prompts) -> Blueprint:
    """GET and HEAD of the recordings that are in use; 404 for all else. No file is looked for: they are in memory."""
    pages = Blueprint("recordings", __name__)
    known = {
        (sound.digest, str(language), sound.name): sound
        for (language, _), sound in prompts.recordings.items()
    }

    def play(digest: str, language: str, name: str) -> Response:
        sound = known.get((digest, language, name))
        if sound is None:
            abort(404)
        answer = send_file(
            io.BytesIO(sound.sound),
            mimetype=sound.content_type,
            download_name=sound.name,
            conditional=True,
            etag=sound.digest,
            max_age=KEPT_FOR,
        )
        answer.cache_control.public = True
        answer.cache_control.immutable = True
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    pages.add_url_rule(paths.RECORDING.rule, view_func=play)
    return pages
