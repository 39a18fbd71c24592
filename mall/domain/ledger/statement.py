"""A member's statement: their whole chain as it was hashed, and the proof that the last seal holds it.

`verify-statement.py` (standard library only, in static/) checks one without us.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.db import db
from mall.core.ids import MemberId
from mall.domain.ledger import seal
from mall.domain.ledger.errors import NoAccount
from mall.domain.ledger.reading import Link, links
from mall.domain.ledger.statements import account

FORMAT = "points-mall statement 1"
_ACCOUNT = sa.select(account).where(account.c.member_id == bindparam("member_id"))


def statement(member: MemberId, at: datetime) -> dict[str, Any]:
    """A member's statement as JSON-ready values. Raises NoAccount.

    `entries`: each with `entry` (what is hashed), `hash` and, unless erased, `note` with its salt. `balance`: what
    the chain adds up to. `seal`: day, root, size, and the place and path of the member's leaf; null before the first.
    """
    row = db.session.execute(_ACCOUNT, {"member_id": member}).one_or_none()
    if row is None:
        raise NoAccount(f"member {member} has no points account")
    entries = [_entry(link) for link in links(member, member) if link.row.seq <= row.seq]
    return {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "member": member,
        "balance": {
            "available": row.available,
            "held": row.held,
            "pending": row.pending,
            "debt": row.debt,
        },
        "entries": entries,
        "seal": _seal(seal.proof(member)),
    }


def _entry(link: Link) -> dict[str, Any]:
    row = link.row
    shown: dict[str, Any] = {"entry": link.payload, "hash": row.hash.hex()}
    if row.salt is not None:
        shown["note"] = {"salt": row.salt.hex(), "text": row.text}
    return shown


def _seal(proof: seal.Proof | None) -> dict[str, Any] | None:
    if proof is None:
        return None
    return {
        "day": proof.seal.day.isoformat(),
        "root": proof.seal.root.hex(),
        "size": proof.seal.size,
        "entry": proof.seq,
        "index": proof.index,
        "path": [step.hex() for step in proof.path],
    }
