"""Where the reports are found, and what draws for them."""

from __future__ import annotations

from flask import Blueprint, Flask

from hotline.console.reports import reports_page
from hotline.console.reports.drawing.plotter import PLOTTER, Plotter


def prepare(app: Flask) -> None:
    """What the pages need of the app. The process that draws starts when somebody opens a report."""
    app.extensions[PLOTTER] = Plotter()


def add(pages: Blueprint) -> None:
    """Their routes."""
    pages.add_url_rule("/reports", "reports", reports_page.show_reports)
    pages.add_url_rule("/reports/<name>", "report_section", reports_page.show_section)
    pages.add_url_rule("/reports/<name>/live", "live_report", reports_page.live_report)
    pages.add_url_rule("/reports/<name>/<panel>.csv", "report_sheet", reports_page.show_sheet)
