"""When somebody works, whether they could be reached, and how often they were woken."""
