"""The database of record. One module per noun; every function takes the transaction it works in.

Nothing here decides: rows come out as frozen values that carry the rules' own objects, and go back in
with the version that was read. SQLite and PostgreSQL behave alike.
"""
