"""A page that nobody has touched: watched, without names, numbers and words."""
