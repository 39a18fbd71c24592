"""Secrets at rest: encrypted by the first of several keys, read by any of them, recognised by a keyed hash.

Fernet (AES-128-CBC with HMAC-SHA256, https://github.com/fernet/spec) through `cryptography`.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

#: Different octets that a random key of 32 has at least; typed ones have fewer.
_DISTINCT = 16


def derived_key(secret: str) -> str:
    """A key that follows from another secret, for development and tests only."""
    return base64.urlsafe_b64encode(hashlib.sha256(b"codes:" + secret.encode()).digest()).decode()


def new_key() -> str:
    """A random key, as MALL_CODE_KEY takes it."""
    return Fernet.generate_key().decode()


def split_keys(text: str) -> tuple[str, ...]:
    """The keys of a comma-separated list; the first encrypts, all of them read."""
    return tuple(part for key in text.split(",") if (part := key.strip()))


def sound_key(key: str) -> bool:
    """Whether this is a key of 32 octets in URL-safe base 64 that could have been drawn at random."""
    try:
        octets = base64.b64decode(key, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return False
    return len(octets) == 32 and len(set(octets)) >= _DISTINCT


class Unreadable(ValueError):
    """A ciphertext that none of the keys reads: a key is missing from MALL_CODE_KEY."""


class Cipher:
    """Encrypts and reads with a ring of keys."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernets = [Fernet(key) for key in keys]
        self._ring = MultiFernet(self._fernets)
        self._marks = [hmac.digest(key.encode(), b"fingerprint of a code", "sha256") for key in keys]

    def encrypt(self, text: str) -> str:
        """The text under the first key; another ciphertext each time."""
        return self._ring.encrypt(text.encode()).decode()

    def decrypt(self, ciphertext: str) -> str:
        """The text again. Raises Unreadable."""
        try:
            return self._ring.decrypt(ciphertext).decode()
        except InvalidToken:
            raise Unreadable("no key in MALL_CODE_KEY reads this") from None

    def current(self, ciphertext: str) -> bool:
        """Whether the first key has written this."""
        try:
            self._fernets[0].decrypt(ciphertext)
        except InvalidToken:
            return False
        return True

    def fingerprint(self, text: str) -> str:
        """HMAC-SHA256 under the first key, in hex: equal for equal texts, and it tells nothing without the key."""
        return self.fingerprints(text)[0]

    def fingerprints(self, text: str) -> tuple[str, ...]:
        """The fingerprint under each key: while keys are being changed, rows carry either."""
        return tuple(hmac.digest(mark, text.encode(), "sha256").hex() for mark in self._marks)
