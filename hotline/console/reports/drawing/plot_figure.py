"""A drawing as it stands on a page: named and described for whoever hears it."""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

from hotline.console.reports.drawing.plotter import Plotter
from hotline.console.reports.panels import Panel

_SPOKEN: Final = re.compile(r"\s(?:role|aria-\w+)=\"[^\"]*\"")
"""What Vega says of each bar to screen readers: the name, the description and the table tell it better."""
_OPENING: Final = re.compile(r"<svg\b[^>]*?viewBox=\"([\d. -]+)\"[^>]*>")


def figure(panel: Panel, plotter: Plotter) -> Markup | None:
    """The panel's drawing, or None: it has none, or it can't be drawn now, and the table has all of it."""
    drawn = plotter.draw(panel.plot) if panel.plot is not None else None
    found = _OPENING.search(drawn) if drawn is not None else None
    if drawn is None or found is None:
        return None
    title, words = f"plot-{panel.key}-title", f"plot-{panel.key}-words"
    opening = Markup(
        '<svg class="plot" viewBox="{}" role="img" aria-labelledby="{} {}" focusable="false">'
        '<title id="{}">{}</title><desc id="{}">{}</desc>'
    ).format(found[1], title, words, title, panel.title, words, escape(panel.shows))
    # What draws is ours, and was looked at: see `plotter`.
    return opening + Markup(_SPOKEN.sub("", drawn[found.end() :]))  # noqa: S704
