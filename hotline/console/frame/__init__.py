"""What is around every page: who may see it, how it is asked for, what it says when something fails."""
