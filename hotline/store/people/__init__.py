"""Staff and callers as they are kept: who they are, who is signed in, who did what, who is not put through."""
