"""Staff's pages: signing in, the board, and what is done on it. `console_wiring.install` puts them together.

Nothing is imported here: commands hash passwords as the console does, and need none of its pages for it.
"""
