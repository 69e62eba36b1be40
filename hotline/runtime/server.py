"""gunicorn's configuration: ``gunicorn --config python:hotline.runtime.server "hotline.runtime.app:create_app()"``.

Two processes suit two cores; `web_worker` says how many threads each has for what. HOTLINE_BIND is
the address listened on: every one on a platform, where a proxy stands in front; this machine's own one under
``hotline run``.
"""

import importlib
import logging
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger

from hotline.runtime import logs
from hotline.runtime.loading import loading
from hotline.settings import started_with
from hotline.settings.load import SettingsProblems, load_settings


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
_OWN = "hotline-settings-"
"""A folder for the copy of the settings, unless whoever started this has one."""


def on_starting(arbiter: Arbiter) -> None:
    """Load the application's modules and what it reads by before its processes are forked: these then begin at once,
    also one that replaces another, and share the memory. What they open, each opens for itself."""
    with loading():
        importlib.import_module("hotline.runtime.app")
        importlib.import_module("hotline.triage.urgency").load()
    if started_with.kept(os.environ) is None:
        _keep_settings(Path(tempfile.mkdtemp(prefix=_OWN)) / started_with.NAME)


def on_reload(arbiter: Arbiter) -> None:
    """Whoever asks for this wants the settings as they are now; those with a slip in them are not taken."""
    copy = started_with.kept(os.environ)
    if copy is not None and copy.parent.name.startswith(_OWN):
        _keep_settings(copy)


def on_exit(arbiter: Arbiter) -> None:
    """Leave no copy behind."""
    copy = started_with.kept(os.environ)
    if copy is not None and copy.parent.name.startswith(_OWN):
        shutil.rmtree(copy.parent, ignore_errors=True)


def _keep_settings(copy: Path) -> None:
    """A process that replaces another reads what this one began with: a file that is being edited takes no line down.

    Settings that can't be used are left to the processes, which say what is wrong with them.
    """
    environ = {name: value for name, value in os.environ.items() if name != started_with.VARIABLE}
    with suppress(SettingsProblems, OSError):
        started_with.keep(load_settings(environ).config_path, copy)
        os.environ[started_with.VARIABLE] = str(copy)
