"""How figures are drawn: what is seen where, and the process that draws it."""
