"""Who is on the staff, how they sign in, and letting them in."""
