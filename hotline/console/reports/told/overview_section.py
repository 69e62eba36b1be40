"""The figures by which the line is judged, beside those of the period before."""

from __future__ import annotations

from hotline.console.reports.told import outcome_section, reaching_section, volume_section
from hotline.console.reports.told.section import Section
from hotline.operations.reports.busy_hours import BusyHours
from hotline.operations.reports.reaching_people import ReachingPeople
from hotline.operations.reports.what_came_of_it import WayToAdmission, WhatCame


def drawn(volume: BusyHours, reaching: ReachingPeople, way: WayToAdmission, came: WhatCame) -> Section:
    """The headlines of the other pages."""
    heads = [
        *volume_section.drawn(volume).headlines,
        *reaching_section.headlines(reaching),
        *outcome_section.what_came(came).headlines[1:],
        *outcome_section.way(way).headlines,
    ]
    return Section(heads, [])
