"""Log lines tell what happened to which id, and never who it happened to."""

import io
import json
import subprocess
import sys
from typing import Any

import pytest

from hotline.runtime import logs

START = "import logging, structlog, sys; from hotline.runtime import logs; logs.configure('web', 'json')\n"


def lines_of(program: str) -> list[dict[str, Any]]:
    """What a process of its own logs; it writes nothing else, whatever happens to it."""
    ran = subprocess.run([sys.executable, "-c", START + program], capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_a_line_is_one_json_object_with_its_ids_time_and_process() -> None:
    [line] = lines_of("structlog.get_logger('hotline.x').info('heard', contact='c1', turn=3)")

    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "heard",
        "level": "info",
        "logger": "hotline.x",
        "process": "web",
        "contact": "c1",
        "turn": 3,
    }


def test_other_peoples_loggers_come_out_the_same_way() -> None:
    [line] = lines_of("logging.getLogger('somebody').warning('it is %s', 'late')")

    assert (line["event"], line["level"], line["logger"]) == ("it is late", "warning", "somebody")


def test_telephone_numbers_are_blotted_out_wherever_they_come_from() -> None:
    lines = lines_of(
        "logging.getLogger('somebody').info('GET /?To=%2B16175550123')\n"
        "structlog.get_logger('hotline').info('rang +16175550123', to='+16175550123')"
    )

    assert "6175550123" not in json.dumps(lines)
    assert lines[1]["to"] == "[number]"


def test_of_an_exception_only_its_kind_and_place_are_told() -> None:
    [line] = lines_of(
        "try:\n    int('Jane Doe wants help')\n"
        "except ValueError:\n    structlog.get_logger('hotline').exception('failed', contact='c1')"
    )

    assert line["raised"] == "ValueError"
    assert line["at"] == ["<string>:3 <module>"]
    assert "Jane" not in json.dumps(line)


def test_our_own_exceptions_hold_ids_only_and_are_told_in_full_with_what_led_to_them() -> None:
    [line] = lines_of(
        "class Stale(Exception): __module__ = 'hotline.store'\n"
        "try:\n    try: {}['Jane']\n    except KeyError as missing: raise Stale('contact c1') from missing\n"
        "except Stale: logging.getLogger('flask.app').exception('failed')"
    )

    assert line["raised"] == "Stale: contact c1 < KeyError"


@pytest.mark.parametrize(
    "crash",
    ["{}['Jane']", "import threading; t = threading.Thread(target=lambda: {}['Jane']); t.start(); t.join()"],
)
def test_a_crash_is_a_log_line_too(crash: str) -> None:
    [line] = lines_of(crash)

    assert (line["event"], line["level"], line["raised"]) == ("crashed", "critical", "KeyError")


def test_tracebacks_that_others_write_into_a_line_are_cut_off() -> None:
    [line] = lines_of("logging.getLogger('rq.worker').error('[Job 7]: exception\\nValueError: Jane Doe')")

    assert line["event"] == "[Job 7]: exception"


def test_the_carriers_library_does_not_tell_what_it_sends() -> None:
    assert lines_of("logging.getLogger('twilio.http_client').info('Query Params: Jane')") == []


def test_rq_adds_no_handler_of_its_own_afterwards() -> None:
    lines = lines_of(
        "from rq.logutils import setup_loghandlers; setup_loghandlers('INFO')\n"
        "logging.getLogger('rq.worker').info('listening')"
    )

    assert [line["event"] for line in lines] == ["listening"]


def test_lines_are_pretty_only_when_somebody_watches_or_asks() -> None:
    assert logs.form({}, io.StringIO()) == "json"
    assert logs.form({"HOTLINE_LOGS": "pretty"}, io.StringIO()) == "pretty"
