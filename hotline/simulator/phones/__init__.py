"""Telephones, and the people or machines who hold them."""
