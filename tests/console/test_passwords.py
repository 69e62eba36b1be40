"""Passwords."""

from __future__ import annotations

from argon2 import PasswordHasher

from hotline.console.sign_in.passwords import Checked, check, hash_password
from tests.console.centre import PASSWORD, kept_password


def test_only_the_right_password_is_right() -> None:
    """And its hash tells nothing of it."""
    assert check(kept_password(), PASSWORD) == Checked(right=True)
    assert check(kept_password(), PASSWORD + " ") == Checked(right=False)
    assert PASSWORD not in kept_password()
    assert kept_password().startswith("$argon2id$")
    assert hash_password(PASSWORD) != kept_password()


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
