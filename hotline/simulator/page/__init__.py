"""The page with everybody's telephones: to call, to be called, and to watch."""

from .cast import Caller, Cast, Member, caller_of, member_of
from .pages import pages

__all__ = ["Caller", "Cast", "Member", "caller_of", "member_of", "pages"]
