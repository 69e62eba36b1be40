"""Staff, schedules, needs and policies on paper: compared with what is kept as a whole, taken in one transaction, and
written out.

`load` is idempotent, takes all of the document or nothing, and deletes nothing: whoever is no longer named stays as
they were (`active = false` puts somebody off the staff). Because all of it is one change, two people may swap their
phones, and a leaver's phone may be a newcomer's.
"""

from hotline.operations.roster.phone_on_paper import FLAWS, phone
from hotline.operations.roster.roster_document import Problems
from hotline.operations.roster.roster_dump import dump
from hotline.operations.roster.roster_plan import RosterPlan, plan
from hotline.operations.roster.roster_taking import Summary, load

__all__ = ["FLAWS", "Problems", "RosterPlan", "Summary", "dump", "load", "phone", "plan"]
