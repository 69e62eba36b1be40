"""Rooms in which several legs meet, and what somebody hears alone in one."""
