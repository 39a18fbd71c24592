"""The verbs that write members. The caller commits; the ledger account is opened by the caller (see account/joining)."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from mall.core.db import db
from mall.core.errors import NotFound
from mall.core.ids import MemberId, public_number
from mall.domain.members import rules
from mall.domain.members.errors import EmailTaken, NoSuchRole
from mall.domain.members.models import Member, Role
from mall.domain.members.queries import ids_by_external_id as ids_by_external_id

_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class NewMember:
    """One row of an import. `email` as `rules.clean_email` writes it, `phone` in E.164."""

    external_id: str
    email: str | None = None
    name: str = ""
    phone: str | None = None
    language: str | None = None
    birthday: date | None = None


def create(
    *,
    email: str | None,
    name: str,
    password_hash: str | None = None,
    language: str,
    external_id: str | None = None,
    confirmed: bool = False,
    at: datetime,
) -> Member:
    """A new member. Raises EmailTaken if the address (or external id) belongs to another."""
    member = Member(
        number=public_number("M"),
        email=rules.clean_email(email) if email else None,
        name=rules.clean_name(name),
        password=password_hash,
        language=language,
        external_id=external_id,
        active=True,
        confirmed_at=at if confirmed else None,
        fs_uniquifier=_uniquifier(),
        created_at=at,
        roles=[],
    )
    try:
        with db.session.begin_nested():
            db.session.add(member)
    except IntegrityError as clash:
        raise EmailTaken(email=email or external_id) from clash
    return member


def create_many(rows: Sequence[NewMember], *, at: datetime, language: str = "en") -> dict[str, MemberId]:
    """Members of an import, in bulk: id by external id. `language` is for rows that name none.

    Raises IntegrityError if an external id or an e-mail address is already known: the caller looks first.
    """
    ids: dict[str, MemberId] = {}
    insert = sa.insert(Member).returning(Member.external_id, Member.id)
    for start in range(0, len(rows), _CHUNK):
        values = [
            {
                "number": public_number("M"),
                "external_id": row.external_id,
                "email": row.email,
                "name": rules.clean_name(row.name),
                "phone": row.phone,
                "language": row.language or language,
                "birthday": row.birthday,
                "active": True,
                "fs_uniquifier": _uniquifier(),
                "created_at": at,
            }
            for row in rows[start : start + _CHUNK]
        ]
        ids.update((str(external), member) for external, member in db.session.execute(insert, values))
    return ids


def update_many(rows: Sequence[NewMember], *, at: datetime) -> int:
    """Bring known members up to an import's rows, found by external id; how many were found.

    Only what a row gives is written; nothing is emptied.
    """
    found = 0
    for row in rows:
        given = {
            "email": row.email,
            "name": rules.clean_name(row.name) or None,
            "phone": row.phone,
            "language": row.language,
            "birthday": row.birthday,
        }
        values = {key: value for key, value in given.items() if value is not None}
        known = sa.select(Member.id).where(Member.external_id == row.external_id)
        if values:
            changed = sa.update(Member).where(Member.external_id == row.external_id).values(values)
            found += len(db.session.execute(changed.returning(Member.id)).all())
        else:
            found += db.session.scalar(known) is not None
    return found


def find(member_id: MemberId, *, lock: bool = False) -> Member:
    """The member, for changing; with `lock`, nobody else changes them until the commit. Raises NotFound."""
    member = db.session.get(Member, member_id, with_for_update=lock or None)
    if member is None:
        raise NotFound
    return member


def edit_profile(
    member_id: MemberId,
    *,
    name: str,
    phone: str | None,
    gender: str | None,
    birthday: date | None,
    language: str,
) -> Member:
    """What a member may change about themself. `phone` in E.164."""
    member = find(member_id)
    member.name = rules.clean_name(name)
    member.phone = phone
    member.gender = gender
    member.birthday = birthday
    member.language = language
    db.session.flush()
    return member


def set_language(member_id: MemberId, language: str) -> None:
    """Remember the language that the member reads."""
    db.session.execute(sa.update(Member).where(Member.id == member_id).values(language=language))


def set_password(member_id: MemberId, password_hash: str, *, confirm_at: datetime | None = None) -> Member:
    """A new password. Every session of the member ends. `confirm_at`: the address was proven by mail then."""
    member = find(member_id)
    member.password = password_hash
    if confirm_at is not None and member.confirmed_at is None:
        member.confirmed_at = confirm_at
    end_sessions(member)
    return member


def renew_hash(member_id: MemberId, password_hash: str) -> None:
    """The same password, hashed at today's cost; no session ends."""
    db.session.execute(sa.update(Member).where(Member.id == member_id).values(password=password_hash))


def confirm(member_id: MemberId, *, at: datetime) -> bool:
    """The address is the member's own; False if that was known already."""
    done = db.session.execute(
        sa.update(Member)
        .where(Member.id == member_id, Member.confirmed_at.is_(None))
        .values(confirmed_at=at)
        .returning(Member.id)
    )
    return done.first() is not None


def turn_two_step_off(member_id: MemberId) -> None:
    """No more codes at sign-in; the secret and the recovery codes are forgotten."""
    member = find(member_id)
    member.tf_primary_method = member.tf_totp_secret = member.tf_last_counter = None
    member.mf_recovery_codes = None
    db.session.flush()


def set_roles(member_id: MemberId, roles: Iterable[str]) -> Member:
    """Exactly these roles. Every session of the member ends, so that no right outlives its role.

    Raises NoSuchRole.
    """
    wanted = sorted(set(roles))
    known = {role.name: role for role in db.session.scalars(sa.select(Role))}
    for name in wanted:
        if name not in known:
            raise NoSuchRole(role=name, known=", ".join(rules.ROLES))
    member = find(member_id)
    member.roles = [known[name] for name in wanted]
    end_sessions(member)
    return member


def end_sessions(member: Member) -> None:
    """Sign the member out everywhere: sessions name a value that no longer exists."""
    member.fs_uniquifier = _uniquifier()
    db.session.flush()


def _uniquifier() -> str:
    return uuid.uuid4().hex
