"""``hotline oncall``: who is on now and in the weeks to come, where nobody is, and what is changed for a while."""
