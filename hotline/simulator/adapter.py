"""REST requests that never leave the process."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import ReadTimeout
from requests.structures import CaseInsensitiveDict
from werkzeug.test import Client

from hotline.simulator.rest.rest_faults import IN_PROCESS, READ_TIMEOUT, AnswerLost

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Timeout = float | tuple[float | None, float | None] | None


class WsgiAdapter(BaseAdapter):
    """Mount it on a `requests.Session` and the session talks to `app` directly.

    The simulator's faults show as requests shows them: ConnectionError and ReadTimeout.
    """

    def __init__(self, app: WSGIApplication) -> None:
        super().__init__()
        self._app = app

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: Timeout = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        read = timeout[1] if isinstance(timeout, tuple) else timeout
        parts = urlsplit(str(request.url))
        body = request.body or b""
        try:
            answer = Client(self._app).open(
                method=request.method,
                path=parts.path,
                query_string=parts.query,
                base_url=f"{parts.scheme}://{parts.netloc}",
                headers=dict(request.headers),
                data=body.encode() if isinstance(body, str) else body,
                environ_overrides={IN_PROCESS: True, READ_TIMEOUT: read},
            )
        except AnswerLost as lost:
            fault = NoConnection if lost.dropped else ReadTimeout
            raise fault(str(lost), request=request) from lost
        return self._response(request, answer.status_code, dict(answer.headers), answer.get_data())

    def close(self) -> None:
        """Nothing is kept open."""

    def _response(
        self, request: PreparedRequest, status: int, headers: Mapping[str, str], body: bytes
    ) -> Response:
        response = Response()
        response.status_code = status
        response.headers = CaseInsensitiveDict(headers)
        response.raw = BytesIO(body)
        response.encoding = "utf-8"
        response.url = str(request.url)
        response.request = request
        return response
