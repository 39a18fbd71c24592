"""The directory that staff look members up in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from mall.core.db import db
from mall.core.ids import MemberId, clean_number
from mall.domain.members import rules
from mall.domain.members.models import Member, Role, member_role


@dataclass(frozen=True, slots=True)
class Entry:
    """A member in the list."""

    id: MemberId
    number: str
    name: str
    email: str | None
    phone: str | None
    external_id: str | None
    active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Card(Entry):
    """A member in full, for staff."""

    language: str
    gender: str | None
    birthday: date | None
    confirmed_at: datetime | None
    roles: tuple[str, ...]


_ENTRY = (
    Member.id,
    Member.number,
    Member.name,
    Member.email,
    Member.phone,
    Member.external_id,
    Member.active,
    Member.created_at,
)


def look_up(q: str, *, before: int | None = None, limit: int = 30) -> Sequence[Entry]:
    """Members by number, e-mail, phone, external id or the beginning of the name; newest first, page by page."""
    statement = sa.select(*_ENTRY).order_by(Member.id.desc()).limit(limit)
    q = q.strip()
    if q:
        digits = "".join(c for c in q if c.isdigit())
        fits = [
            Member.number == clean_number(q),
            Member.email == rules.clean_email(q),
            Member.external_id == q,
            Member.name.startswith(q, autoescape=True),
        ]
        if len(digits) >= 5:
            fits.append(Member.phone.endswith(digits, autoescape=True))
        statement = statement.where(sa.or_(*fits))
    if before is not None:
        statement = statement.where(Member.id < before)
    return [Entry(*row) for row in db.session.execute(statement)]


def card(number: str) -> Card | None:
    """The member of that number, with roles: one statement."""
    statement = (
        sa.select(
            *_ENTRY,
            Member.language,
            Member.gender,
            Member.birthday,
            Member.confirmed_at,
            Role.name.label("role"),
        )
        .select_from(Member)
        .outerjoin(member_role, member_role.c.member_id == Member.id)
        .outerjoin(Role, Role.id == member_role.c.role_id)
        .where(Member.number == clean_number(number))
    )
    rows = db.session.execute(statement).all()
    if not rows:
        return None
    roles = tuple(sorted(row.role for row in rows if row.role))
    values = rows[0]._asdict()
    return Card(**{name: values[name] for name in Card.__match_args__ if name != "roles"}, roles=roles)


def names(ids: Sequence[int]) -> dict[int, str]:
    """Names (or addresses, where there is no name) by id."""
    return {member: person.name for member, person in people(ids).items()}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is named on a page: their member number, and their name or what stands for it."""

    number: str
    name: str


def people(ids: Collection[int]) -> dict[int, Person]:
    """Who they are by id, for lists of deeds; the address stands where there is no name, else the number."""
    wanted = sa.select(Member.id, Member.number, Member.name, Member.email).where(Member.id.in_(set(ids)))
    rows = db.session.execute(wanted)
    return {member: Person(number, name or email or number) for member, number, name, email in rows}


def by_id(member: MemberId) -> Entry | None:
    """The member's entry."""
    row = db.session.execute(sa.select(*_ENTRY).where(Member.id == member)).first()
    return Entry(*row) if row else None


@dataclass(frozen=True, slots=True)
class StaffRow:
    """Somebody with a role."""

    number: str
    email: str | None
    roles: tuple[str, ...]
    two_step: bool


_STAFF = (
    sa.select(Member.number, Member.email, Role.name, Member.tf_totp_secret.is_not(None))
    .join(member_role, member_role.c.member_id == Member.id)
    .join(Role, Role.id == member_role.c.role_id)
    .order_by(Member.email, Member.id, Role.name)
)


def staff() -> list[StaffRow]:
    """Everybody with a role, by address."""
    found: dict[str, StaffRow] = {}
    for number, email, role, two_step in db.session.execute(_STAFF):
        roles = (*found[number].roles, role) if number in found else (role,)
        found[number] = StaffRow(number, email, roles, two_step)
    return list(found.values())
