"""Becoming a member: the person, and the account that their points are kept in, in one transaction."""

from datetime import datetime

from flask_security.utils import hash_password as _hash

from mall.domain.ledger import service as ledger
from mall.domain.members import service
from mall.domain.members.models import Member


def hash_password(password: str) -> str:
    """The argon2 hash of a password. Slow on purpose: call it before the transaction begins."""
    return str(_hash(password))


def join(
    *,
    email: str | None,
    name: str,
    password: str | None = None,
    password_hash: str | None = None,
    language: str,
    external_id: str | None = None,
    confirmed: bool = False,
    at: datetime,
) -> Member:
    """A new member with an empty account. The caller commits.

    Give `password`, or better its hash (see `hash_password`) so that no lock is held while hashing.
    Raises EmailTaken.
    """
    member = service.create(
        email=email,
        name=name,
        password_hash=hash_password(password) if password else password_hash,
        language=language,
        external_id=external_id,
        confirmed=confirmed,
        at=at,
    )
    ledger.open_account(member.id, at=at)
    return member
