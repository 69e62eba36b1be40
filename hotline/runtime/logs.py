"""Log lines: what happened to which id, never who it happened to.

One JSON object a line on standard output (or one coloured line, when somebody is looking). Other people's
loggers come out the same way, with two precautions: numbers that look like telephone numbers are blotted out,
and of an exception only its kind and its place are told, for its message may quote what a caller wrote.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from types import TracebackType
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

Form = Literal["json", "pretty"]

OURS = ("hotline", "workers")
TALKATIVE = ("twilio", "urllib3", "sqlalchemy", "requests", "alembic")
"""Libraries whose ordinary lines quote addresses, parameters or message bodies."""

_log = structlog.get_logger("hotline.start")
_NUMBER = re.compile(r"(?:\+|%2B)[1-9]\d{6,14}", re.IGNORECASE)
_DEEPEST = 12


def configure(process: str, form: Form, level: int = logging.INFO) -> None:
    """Send every log line of this process to standard output; call it before RQ or gunicorn set up theirs.

    ``process`` names the process on each line.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _naming(process),
        _exception_without_its_words,
        _foreign_lines_in_short,
        _without_numbers,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(form)],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.captureWarnings(True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _log_crash
    threading.excepthook = _log_thread_crash


def form(environ: Mapping[str, str], stream: TextIO = sys.stdout) -> Form:
    """``pretty`` or ``json``, as HOTLINE_LOGS says; without it, ``pretty`` if somebody watches ``stream``."""
    match environ.get("HOTLINE_LOGS"):
        case "pretty" | "json" as wanted:
            return wanted
        case _:
            return "pretty" if stream.isatty() else "json"


def cannot_start(which: str, problems: Sequence[str], environ: Mapping[str, str]) -> None:
    """Say why this process can't start: a line like all others; a list, where somebody watches. `which`: "The web"."""
    if form(environ) == "json":
        _log.critical("can't start", which=which, problems=list(problems))
    else:
        sys.stderr.write("\n  - ".join((f"{which} can't start. To mend:", *problems)) + "\n")


def _renderer(form: Form) -> Processor:
    if form == "pretty":
        return structlog.dev.ConsoleRenderer(colors=True, pad_event_to=0)
    return structlog.processors.JSONRenderer()


def _naming(process: str) -> Processor:
    def name(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
        line["process"] = process
        return line

    return name


def _exception_without_its_words(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    given = line.pop("exc_info", None)
    raised = _raised(given)
    if raised is not None:
        line["raised"] = " < ".join(_told(each) for each in _chain(raised))
        line["at"] = _places(raised)
    return line


def _raised(given: object) -> BaseException | None:
    match given:
        case BaseException():
            return given
        case (_, BaseException() as raised, _):
            return raised
        case True:
            return sys.exc_info()[1]
        case _:
            return None


def _chain(raised: BaseException | None) -> Iterator[BaseException]:
    """The exception and what led to it, newest first."""
    seen: set[int] = set()
    while raised is not None and id(raised) not in seen:
        seen.add(id(raised))
        yield raised
        raised = raised.__cause__ or (None if raised.__suppress_context__ else raised.__context__)


def _told(raised: BaseException) -> str:
    kind = type(raised)
    ours = kind.__module__.partition(".")[0] in OURS
    # Our own exceptions promise to hold ids only; everybody else's may quote anything.
    return f"{kind.__qualname__}: {raised}" if ours and str(raised) else kind.__qualname__


def _places(raised: BaseException) -> list[str]:
    frames = traceback.extract_tb(raised.__traceback__)[-_DEEPEST:]
    return [
        f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames
    ]


def _foreign_lines_in_short(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """RQ and others write whole tracebacks, with the exception's words, into the line itself."""
    if "_record" in line and str(line.get("logger", "")).partition(".")[0] not in OURS:
        line["event"] = str(line["event"]).partition("\n")[0]
    return line


def _without_numbers(_logger: WrappedLogger, _method: str, line: EventDict) -> MutableMapping[str, Any]:
    for key, value in line.items():
        if isinstance(value, str):
            line[key] = _NUMBER.sub("[number]", value)
    return line


def _log_crash(kind: type[BaseException], raised: BaseException, where: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("hotline").critical("crashed", exc_info=(kind, raised, where))


def _log_thread_crash(crash: threading.ExceptHookArgs) -> None:
    if crash.exc_value is not None:
        _log_crash(crash.exc_type, crash.exc_value, crash.exc_traceback)
