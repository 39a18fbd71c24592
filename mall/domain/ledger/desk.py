"""Points given and taken by staff: with a reason, within a limit, never their own, always in the audit trail."""

from datetime import datetime, timedelta

from mall.core.actor import Actor
from mall.core.errors import N_, BadValue, Forbidden, MallError
from mall.core.ids import MemberId
from mall.domain.audit import service as audit
from mall.domain.audit.queries import deeds_of
from mall.domain.ledger import service
from mall.domain.ledger.rules import Key, Posted, Ref

REASON_LEAST = 5
#: The time over which a person's adjustments are added up.
WINDOW = timedelta(days=1)


class OwnPoints(Forbidden):
    """Staff adjust nobody's points but others'."""

    code = "own_points"
    message = N_("Nobody adjusts their own points. Ask a colleague.")


class OverLimit(Forbidden):
    """More points within a day than this person's role may move."""

    code = "over_limit"
    message = N_(
        "You can adjust up to %(limit)s points within 24 hours; %(left)s are left. Ask a supervisor for more."
    )


class ReasonNeeded(MallError):
    """An adjustment without words."""

    status = 422
    code = "reason_needed"
    message = N_("Please say why in a few words: the member and the auditors will read it.")


def adjust(
    member: MemberId,
    points: int,
    *,
    key: str,
    reason: str,
    limit: int,
    expires_at: datetime | None,
    actor: Actor,
    at: datetime,
) -> Posted:
    """Give (`points` > 0) or take away (< 0) points by hand, once per `key`, and write it down.

    `limit` is the most that the actor may move within a day, given and taken added up, so that many small ones are
    not a way round it. Their own account is locked with the member's: two at once take turns. Raises OwnPoints, OverLimit, ReasonNeeded, BadValue,
    NotEnoughPoints (of those there are to take), KeyReused.
    """
    if actor.id == member:
        raise OwnPoints
    if points == 0:
        raise BadValue(value="0")
    if len(reason.strip()) < REASON_LEAST:
        raise ReasonNeeded
    service.lock([member] if actor.id is None else [member, MemberId(actor.id)])
    _within(limit, points, key, actor, at)
    posted = service.adjust(
        member,
        points,
        ref=Ref("adjustment", key),
        key=Key("staff", key),
        actor=actor,
        at=at,
        note=reason.strip(),
        expires_at=expires_at if points > 0 else None,
    )
    if not posted.again:
        after = {"points": points, "entry": posted.seq, "key": key}
        audit.record(
            actor, "points.adjust", subject=("member", member), after=after, reason=reason.strip(), at=at
        )
    return posted


def _within(limit: int, points: int, key: str, actor: Actor, at: datetime) -> None:
    deeds = deeds_of(actor, "points.adjust", since=at - WINDOW)
    moved = sum(abs(deed["points"]) for deed in deeds if deed.get("key") != key)
    if moved + abs(points) > limit:
        raise OverLimit(limit=limit, left=max(limit - moved, 0))
