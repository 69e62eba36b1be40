"""The page with everybody's telephones: to call, to be called, and to watch."""

from hotline.simulator.page.cast import Cast, PretendCaller, PretendMember, caller_of, member_of
from hotline.simulator.page.page_app import pages

__all__ = ["Cast", "PretendCaller", "PretendMember", "caller_of", "member_of", "pages"]
