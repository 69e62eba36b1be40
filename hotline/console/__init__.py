"""Staff's pages: signing in, the board, and what is done on it."""

from hotline.console.opening import install

__all__ = ["install"]
