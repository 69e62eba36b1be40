"""Who somebody is: passwords, second proofs, one-time links, passkeys, and what was tried in whose name."""
