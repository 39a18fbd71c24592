"""Codes change hands: given to an order line in the paying transaction, looked at by their owner, taken back unseen.

The caller holds the order's lock, and moves the stock afterwards (lock order: codes, then stock).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.actor import Actor
from mall.core.cipher import Cipher
from mall.core.db import changed, db
from mall.domain.items.code_models import Code, CodePool, CodeReveal
from mall.domain.items.rules import NEVER

_code = cast(sa.Table, Code.__table__)
_pool = cast(sa.Table, CodePool.__table__)
_reveal = cast(sa.Table, CodeReveal.__table__)


@dataclass(frozen=True, slots=True)
class Revealed:
    """A code as its owner sees it; `expires_at` None = it does not expire."""

    id: int
    code: str
    pin: str
    expires_at: datetime | None

    def __repr__(self) -> str:
        return f"Revealed(id={self.id})"


_FREE = (
    sa.select(_code.c.id)
    .where(
        _code.c.variant_id == bindparam("variant"),
        _code.c.state == "free",
        _code.c.expires_at > bindparam("at"),
    )
    .order_by(_code.c.expires_at, _code.c.id)
    .limit(bindparam("n"))
)
#: First whatever nobody else is about to take; should that not be enough, wait for those who are, in one order.
_AT_ONCE, _IN_TURN = _FREE.with_for_update(skip_locked=True), _FREE.with_for_update()
_GIVE = (
    sa.update(_code)
    .where(_code.c.id.in_(bindparam("ids", expanding=True)), _code.c.state == "free")
    .values(state="given", order_line_id=bindparam("line"), given_at=bindparam("at"))
)


def give(variant_id: int, n: int, *, line_id: int, at: datetime) -> bool:
    """Give `n` codes of a pool to an order line, the soonest to expire first; all of them or none.

    False if the pool cannot: nothing is written then. Who finds too few free ones because others hold them waits for
    those others; only what they keep is gone.
    """
    this = {"variant": variant_id, "at": at, "n": n}
    session = db.session()
    with session.begin_nested() as attempt:
        ids = session.scalars(_AT_ONCE, this).all()
        if len(ids) < n:
            attempt.rollback()  # lets go of those that it has: whoever waits, waits without holding a later one
    if len(ids) < n:
        ids = session.scalars(_IN_TURN, this).all()
    if len(ids) < n:
        return False
    done = session.execute(_GIVE, {"ids": list(ids), "line": line_id, "at": at})
    if changed(done) != n:
        raise RuntimeError("a code was given twice")
    return True


_GIVEN = (
    sa.select(_code.c.id, _code.c.revealed_at, _code.c.expires_at)
    .where(_code.c.order_line_id == bindparam("line"), _code.c.state == "given")
    .order_by(_code.c.revealed_at.is_not(None), _code.c.id.desc())
    .limit(bindparam("n"))
    .with_for_update()
)
#: Pools of these variants, each with the codes that it gave to these lines: in the order in which they are taken back.
_WOULD = (
    sa.select(_pool.c.variant_id, _code.c.order_line_id, _code.c.revealed_at, _code.c.expires_at)
    .select_from(_pool)
    .outerjoin(
        _code,
        sa.and_(
            _code.c.variant_id == _pool.c.variant_id,
            _code.c.order_line_id.in_(bindparam("lines", expanding=True)),
            _code.c.state == "given",
        ),
    )
    .where(_pool.c.variant_id.in_(bindparam("variants", expanding=True)))
    .order_by(_code.c.order_line_id, _code.c.revealed_at.is_not(None), _code.c.id.desc())
)
_BACK = (
    sa.update(_code)
    .where(
        _code.c.id.in_(bindparam("ids", expanding=True)),
        _code.c.state == "given",
        _code.c.revealed_at.is_(None),
    )
    .values(state=bindparam("to"), order_line_id=None, given_at=None)
)
_VOID = (
    sa.update(_code)
    .where(_code.c.id.in_(bindparam("ids", expanding=True)), _code.c.state == "given")
    .values(state="void")
)


def has_pool(variant_id: int) -> bool:
    """Whether the variant's units are codes."""
    return db.session.scalar(sa.select(_pool.c.low).where(_pool.c.variant_id == variant_id)) is not None


def take_back(line_id: int, n: int, *, at: datetime) -> int:
    """Take `n` codes of an order line back, unseen ones first; how many are free again.

    A code that somebody has seen becomes void: it is neither shown nor given again. One that has expired meanwhile
    is not free either.
    """
    rows = db.session.execute(_GIVEN, {"line": line_id, "n": n}).all()
    unseen = [row for row in rows if row.revealed_at is None]
    fresh = [row.id for row in unseen if row.expires_at > at]
    late = [row.id for row in unseen if row.expires_at <= at]
    seen = [row.id for row in rows if row.revealed_at is not None]
    for ids, state in ((fresh, "free"), (late, "expired")):
        if ids:
            db.session.execute(_BACK, {"ids": ids, "to": state})
    if seen:
        db.session.execute(_VOID, {"ids": seen})
    return len(fresh)


def would_take_back(asked: Mapping[int, tuple[int, int]], *, at: datetime) -> dict[int, int]:
    """What `take_back` would answer now for order lines, `asked` as (variant, units) by line; nothing is written, nothing
    locked, and one statement reads them all. Lines of variants without a pool are left out."""
    if not asked:
        return {}
    rows = db.session.execute(
        _WOULD, {"lines": list(asked), "variants": [variant for variant, _ in asked.values()]}
    ).all()
    pools = {row.variant_id for row in rows}
    taken = {
        line: [row for row in rows if row.order_line_id == line][:n]
        for line, (variant, n) in asked.items()
        if variant in pools
    }
    return {
        line: sum(row.revealed_at is None and row.expires_at > at for row in codes)
        for line, codes in taken.items()
    }


_OF_LINE = (
    sa.select(_code.c.id, _code.c.ciphertext, _code.c.expires_at, _code.c.revealed_at)
    .where(_code.c.order_line_id == bindparam("line"), _code.c.state == "given")
    .order_by(_code.c.id)
    .with_for_update()
)
_SEEN = (
    sa.update(_code)
    .where(_code.c.id.in_(bindparam("ids", expanding=True)), _code.c.state == "given")
    .values(
        revealed_at=sa.func.coalesce(_code.c.revealed_at, bindparam("at", type_=_code.c.revealed_at.type))
    )
)


def reveal(
    line_id: int, *, cipher: Cipher, request: str, actor: Actor, at: datetime, again_only: bool = False
) -> Sequence[Revealed]:
    """The codes of an order line in clear, each written down as seen by `actor`. Whose line it is, the caller knows.

    With `again_only` those alone that were looked at before. Raises cipher.Unreadable; then nothing is written down.
    """
    rows = db.session.execute(_OF_LINE, {"line": line_id}).all()
    if again_only:
        rows = [row for row in rows if row.revealed_at is not None]
    if not rows:
        return ()
    shown = [_shown(row, cipher) for row in rows]
    db.session.execute(_SEEN, {"ids": [row.id for row in rows], "at": at})
    seen = {"actor_kind": actor.kind, "actor_id": actor.id, "at": at, "request": request[:64]}
    db.session.execute(sa.insert(_reveal), [{"code_id": row.id, **seen} for row in rows])
    return shown


def _shown(row: Any, cipher: Cipher) -> Revealed:
    held = json.loads(cipher.decrypt(row.ciphertext))
    expires = None if row.expires_at >= NEVER else row.expires_at
    return Revealed(row.id, held["code"], held["pin"], expires)
