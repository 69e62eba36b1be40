"""Signing in by the centre's own provider (OpenID Connect): who vouches, and what of it we believe."""
