"""gunicorn's configuration: ``gunicorn --config python:hotline.runtime.server "hotline.runtime.app:create_app()"``.

Two processes suit two cores; `web_worker` says how many threads each has for what. HOTLINE_BIND is
the address listened on: every one on a platform, where a proxy stands in front; this machine's own one under
``hotline run``.
"""

import importlib
import logging
import os

from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger

from hotline.runtime import logs
from hotline.runtime.loading import loading


class WebLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's own lines, written as all the others are."""

    def setup(self, cfg: Config) -> None:
        """Keep gunicorn from writing to streams of its own."""
        logs.configure("web", logs.form(os.environ))
        self.cfg = cfg
        self._access_log_enabled = False
        self.error_log.handlers.clear()
        self.error_log.propagate = True
        self.error_log.setLevel(logging.INFO)


bind = f"{os.environ.get('HOTLINE_BIND', '0.0.0.0')}:{os.environ.get('PORT', '8000')}"  # noqa: S104
worker_class = "hotline.runtime.web_worker.WebWorker"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# The carrier waits for 15 s and no answer may take that long: a process stuck for twice as long is replaced.
timeout = 30
graceful_timeout = 10
control_socket_disable = True
# Requests are told by the application, with ids; an access log would tell addresses and queries.
accesslog = None
logger_class = WebLog


def on_starting(arbiter: Arbiter) -> None:
    """Load the application's modules and what it reads by before its processes are forked: these then begin at once,
    also one that replaces another, and share the memory. What they open, each opens for itself."""
    with loading():
        importlib.import_module("hotline.runtime.app")
        importlib.import_module("hotline.triage.urgency").load()
