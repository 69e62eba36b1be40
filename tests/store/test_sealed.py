"""Sealing and keyed look-up."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hotline.store.database import Keyring, Unsealable
from hotline.store.database.sealed import KEY_BYTES

OLD, NEW = b"o" * 32, b"n" * 32


def test_what_is_sealed_can_be_opened_and_not_be_read() -> None:
    """Sealing hides the text and gives it back whole."""
    keys = Keyring((OLD,))
    token = keys.seal("a heron at dusk, ô", "messages.body", "m1")
    assert "heron" not in token
    assert keys.open(token, "messages.body", "m1") == "a heron at dusk, ô"


def test_the_same_text_never_looks_the_same_twice() -> None:
    """Equal texts can't be told to be equal."""
    keys = Keyring((OLD,))
    assert keys.seal("x", "a.b", "1") != keys.seal("x", "a.b", "1")


def test_a_sealed_text_opens_only_in_its_own_column() -> None:
    """Moving a token to another column is noticed."""
    keys = Keyring((OLD,))
    with pytest.raises(Unsealable):
        keys.open(keys.seal("x", "staff.name", "1"), "staff.phone", "1")


def test_a_sealed_text_opens_only_in_its_own_row() -> None:
    """Somebody's phone, copied into somebody else's row, is noticed."""
    keys = Keyring((OLD,))
    with pytest.raises(Unsealable):
        keys.open(keys.seal("x", "staff.phone", "ana"), "staff.phone", "ben")


def unbound(text: str, where: str, secret: bytes = OLD) -> str:
    """A text as it was sealed before texts were bound to their rows."""
    cipher = AESGCM(HKDF(SHA256(), KEY_BYTES, None, b"hotline/1/seal").derive(secret))
    body = b"n" * 12 + cipher.encrypt(b"n" * 12, text.encode(), where.encode())
    return f"{Keyring((secret,)).newest}.{base64.urlsafe_b64encode(body).decode()}"


def test_the_form_before_this_one_still_opens_until_it_is_given_up() -> None:
    """In any row, but only in its column; then in none. What is sealed now is never of that form."""
    keys, strict = Keyring((OLD,)), Keyring((OLD,), bound_only=True)
    token = unbound("x", "a.b")
    assert keys.open(token, "a.b", "any row") == "x"
    assert not keys.is_newest(token)
    for ring, where in ((keys, "a.c"), (strict, "a.b")):
        with pytest.raises(Unsealable):
            ring.open(token, where, "1")
    assert strict.open(keys.seal("x", "a.b", "1"), "a.b", "1") == "x"


DAMAGED = ["", "abcdef01.", "no token", "2.", "2.{id}", "{id}.AAAA", "{id}.{body}"]


@pytest.mark.parametrize("damage", [*DAMAGED, "2.{id}.AAAA", "2.{id}.***", "2.{id}.{body}A==="])
def test_damage_is_noticed(damage: str) -> None:
    """Whatever a column holds, opening it gives the text or raises Unsealable."""
    keys = Keyring((OLD,))
    _, key_id, body = keys.seal("x", "a.b", "1").split(".")
    with pytest.raises(Unsealable):
        keys.open(damage.format(id=key_id, body=body), "a.b", "1")


def test_a_changed_byte_is_noticed() -> None:
    """A token is authentic or it isn't opened."""
    keys = Keyring((OLD,))
    _, key_id, body = keys.seal("x", "a.b", "1").split(".")
    raw = bytearray(base64.urlsafe_b64decode(body))
    raw[-1] ^= 1
    with pytest.raises(Unsealable):
        keys.open(f"2.{key_id}.{base64.urlsafe_b64encode(raw).decode()}", "a.b", "1")


def test_after_a_rotation_the_old_key_still_opens_and_only_the_new_one_seals() -> None:
    """Keys are rotated by putting a new one first."""
    before, after = Keyring((OLD,)), Keyring((NEW, OLD))
    token = before.seal("x", "a.b", "1")
    assert after.open(token, "a.b", "1") == "x"
    assert not after.is_newest(token)
    assert after.is_newest(after.seal("x", "a.b", "1"))
    with pytest.raises(Unsealable):
        before.open(after.seal("x", "a.b", "1"), "a.b", "1")


def test_after_a_rotation_what_was_stored_is_still_found() -> None:
    """Look-ups cover every key on the ring, the newest first."""
    before, after = Keyring((OLD,)), Keyring((NEW, OLD))
    assert after.lookups("v", "phone") == (after.lookup("v", "phone"), before.lookup("v", "phone"))


def test_look_ups_of_different_things_are_different() -> None:
    """A look-up tells nothing to whoever has another one, or no key."""
    keys = Keyring((OLD,))
    hashes = {keys.lookup("v", "phone"), keys.lookup("v", "name"), keys.lookup("w", "phone")}
    assert len(hashes | {Keyring((NEW,)).lookup("v", "phone")}) == 4


def test_keys_are_read_from_base64_of_either_alphabet() -> None:
    """Operators paste what their tool printed."""
    raw = bytes(range(220, 252))
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        written = encode(raw).decode()
        assert Keyring.from_secrets([written]).lookup("v", "p") == Keyring((raw,)).lookup("v", "p")


@pytest.mark.parametrize("written", [[], ["c2hvcnQ="], ["not base64!"], [base64.b64encode(OLD).decode()] * 2])
def test_unusable_keys_are_refused_without_being_shown(written: list[str]) -> None:
    """No ring without a key, of another size, or with one key twice."""
    with pytest.raises(ValueError, match="key") as refused:
        Keyring.from_secrets(written)
    assert not any(one in str(refused.value) for one in written)


def test_a_keyring_never_shows_its_keys() -> None:
    """Neither in a traceback nor in a log line."""
    assert "oooo" not in repr(Keyring((OLD,)))
