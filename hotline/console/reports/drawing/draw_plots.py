"""The program that draws: one description in Vega-Lite for each line it is given, one line of SVG (as JSON) for each.

It is run by `plotter`, in a process of its own: the engine behind vl-convert keeps other threads of its process from
running while it draws, half a second for the first plot. It is given figures and nothing else, asks no network, and
ends by itself when nobody has asked for a while or whoever started it is gone. It imports nothing of ours.
"""

from __future__ import annotations

import json
import os
import select
import sys
from typing import Any

IDLE_SECONDS = 120
_FIRST: dict[str, Any] = {
    "data": {"values": [{"x": 1}]},
    "mark": "bar",
    "encoding": {"x": {"field": "x", "type": "quantitative"}},
}


def main() -> None:
    """Draw until told no more."""
    import vl_convert  # noqa: PLC0415 - whoever reads this file for its name alone loads no engine

    os.nice(5)  # calls come first
    vl_convert.vegalite_to_svg(_FIRST, allowed_base_urls=[])
    lines = sys.stdin.buffer
    while select.select([lines], [], [], IDLE_SECONDS)[0]:
        asked = lines.readline()
        if not asked:
            return
        try:
            answer = {"svg": vl_convert.vegalite_to_svg(json.loads(asked), allowed_base_urls=[])}
        except ValueError as error:
            answer = {"wrong": str(error)[:500]}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
