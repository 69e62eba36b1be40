"""Staff's pages: signing in, the board, and what is done on it."""

from hotline.console.console_wiring import install

__all__ = ["install"]
