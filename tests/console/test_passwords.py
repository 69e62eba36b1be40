"""Passwords."""

from __future__ import annotations

from argon2 import PasswordHasher, Type
from flask import Flask

from hotline.console import console_wiring
from hotline.console.frame.asking import current_hasher
from hotline.console.sign_in.passwords import Checked, check, hash_password
from tests.console.centre import PASSWORD, Centre

KEPT = hash_password(PASSWORD)


def test_pages_are_installed_to_hash_at_full_cost(centre: Centre) -> None:
    """As the authors of argon2 advise for a server; only other tests hash more cheaply."""
    app = Flask("earnest")
    console_wiring.install(app, centre.application)
    with app.app_context():
        hasher = current_hasher()
    cost = hasher.time_cost, hasher.memory_cost, hasher.parallelism, hasher.type
    assert cost == (3, 64 * 1024, 4, Type.ID)
    assert not hasher.check_needs_rehash(KEPT)
    assert not hasher.check_needs_rehash(hash_password(PASSWORD, hasher))


def test_only_the_right_password_is_right() -> None:
    """And its hash tells nothing of it."""
    assert check(KEPT, PASSWORD) == Checked(right=True)
    assert check(KEPT, PASSWORD + " ") == Checked(right=False)
    assert PASSWORD not in KEPT
    assert KEPT.startswith("$argon2id$")
    assert hash_password(PASSWORD) != KEPT


def test_nobody_and_nonsense_are_wrong_like_any_other() -> None:
    """An account without a password, no account, a damaged hash; even with the password that stands in for them."""
    for kept in (None, "", "not a hash", "$argon2id$v=19$broken"):
        assert check(kept, PASSWORD) == Checked(right=False)
    assert check(None, "nobody's password") == Checked(right=False)


def test_a_weaker_hash_is_replaced_once_the_password_is_known() -> None:
    """By one that holds."""
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    assert check(weak, "wrong") == Checked(right=False)
    stronger = check(weak, PASSWORD).stronger
    assert stronger is not None
    assert check(stronger, PASSWORD) == Checked(right=True)
