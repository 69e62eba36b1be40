"""What several processes say on one terminal stays readable."""

import io

from hotline.runtime.embedded_redis import OVERCOMMIT
from hotline.runtime.output import Output


def test_each_line_is_whole_and_names_who_said_it() -> None:
    out = io.StringIO()
    output = Output(out)

    output.say("web", b"half a ")
    output.say("clock", b"one line\nanother\n")
    output.say("web", b"line\nrest")

    assert [line.split("|", 1) for line in out.getvalue().splitlines()] == [
        ["clock           ", " one line"],
        ["clock           ", " another"],
        ["web             ", " half a line"],
    ]


def test_bytes_that_are_no_text_and_a_reader_that_left_are_no_reason_to_stop() -> None:
    out = io.StringIO()
    output = Output(out)

    output.say("web", b"\xff\n")
    assert "\N{REPLACEMENT CHARACTER}" in out.getvalue()

    out.close()
    output.say("web", b"nobody hears this\n")


def test_no_news_is_not_printed() -> None:
    out = io.StringIO()

    Output(out).note(None)
    Output(out).note("web starts")

    assert out.getvalue() == "hotline         | web starts\n"


def test_lines_that_nobody_needs_are_left_out_of_one_process_alone() -> None:
    out = io.StringIO()
    output = Output(out, {"redis": OVERCOMMIT})
    warning = f"1:C 29 Nov # {OVERCOMMIT}! Without it, a background save may fail\n".encode()

    output.say("redis", warning + b"Ready to accept connections\n")
    output.say("web", warning)

    assert [line.split()[0] for line in out.getvalue().splitlines()] == ["redis", "web"]
    assert "Ready" in out.getvalue()
