"""Reads of members, as light rows."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

import sqlalchemy as sa

from mall.core.db import db
from mall.core.ids import MemberId
from mall.core.reading import Reading
from mall.domain.members import rules
from mall.domain.members.models import Address, Member, Role, member_role


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, as a request knows them (`current_user`): plain values, so that nothing loads lazily."""

    id: MemberId
    number: str
    email: str | None
    name: str
    language: str
    active: bool
    two_factor: bool
    fs_uniquifier: str
    role_names: frozenset[str]

    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Flask-Login's question."""
        return self.active

    @property
    def is_staff(self) -> bool:
        """Whether this person works for the merchant."""
        return bool(self.role_names)

    def get_id(self) -> str:
        """What the session stores."""
        return self.fs_uniquifier

    def has_role(self, name: str) -> bool:
        """Whether this is one of their roles."""
        return name in self.role_names

    def can(self, permission: str) -> bool:
        """Whether their roles allow it."""
        return rules.can(self, permission)


_SIGNED_IN = Reading(
    sa.select(
        Member.id,
        Member.number,
        Member.email,
        Member.name,
        Member.language,
        Member.active,
        Member.tf_totp_secret.is_not(None),
        Member.fs_uniquifier,
        Role.name,
    )
    .select_from(
        sa.outerjoin(Member, member_role, member_role.c.member_id == Member.id).outerjoin(
            Role, Role.id == member_role.c.role_id
        )
    )
    .where(Member.fs_uniquifier == sa.bindparam("uniquifier"))
)


def signed_in(uniquifier: str) -> SignedIn | None:
    """The member whose sessions carry this value, with roles: one statement. None if they ended or are blocked."""
    rows = _SIGNED_IN.rows({"uniquifier": uniquifier})
    if not rows:
        return None
    roles = frozenset(row[8] for row in rows if row[8] is not None)
    person = SignedIn(*(*rows[0][:8], roles))
    return person if person.active else None


_BY_EMAIL = sa.select(Member.id).where(Member.email == sa.bindparam("email"))


def id_by_email(email: str) -> MemberId | None:
    """The member with this address, in any spelling of its letters' case."""
    return db.session.scalar(_BY_EMAIL, {"email": rules.clean_email(email)})


def any_with_email(emails: Iterable[str]) -> bool:
    """Whether anybody has one of these addresses, in any spelling of their letters' case."""
    wanted = [rules.clean_email(email) for email in emails]
    return (
        db.session.execute(sa.select(Member.id).where(Member.email.in_(wanted)).limit(1)).first() is not None
    )


def ids_by_external_id(external_ids: Iterable[str]) -> dict[str, MemberId]:
    """Which of these external ids are known; asked for in chunks, for imports."""
    wanted = list(external_ids)
    found: dict[str, MemberId] = {}
    for start in range(0, len(wanted), 5_000):
        stmt = sa.select(Member.external_id, Member.id).where(
            Member.external_id.in_(wanted[start : start + 5_000])
        )
        found.update({str(external): member for external, member in db.session.execute(stmt)})
    return found


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signing in is checked against."""

    id: MemberId
    email: str | None
    name: str
    language: str
    password: str | None
    active: bool
    confirmed: bool
    two_factor: bool
    fs_uniquifier: str


_CREDENTIAL_COLUMNS = sa.select(
    Member.id,
    Member.email,
    Member.name,
    Member.language,
    Member.password,
    Member.active,
    Member.confirmed_at.is_not(None),
    Member.tf_totp_secret.is_not(None),
    Member.fs_uniquifier,
)
_CREDENTIALS = _CREDENTIAL_COLUMNS.where(Member.email == sa.bindparam("email"))
_CREDENTIALS_OF = _CREDENTIAL_COLUMNS.where(Member.fs_uniquifier == sa.bindparam("uniquifier"))


def credentials(email: str) -> Credentials | None:
    """The member with this address, in any spelling of its letters' case."""
    row = db.session.execute(_CREDENTIALS, {"email": rules.clean_email(email)}).first()
    return Credentials(*row) if row else None


def credentials_of(uniquifier: str) -> Credentials | None:
    """The member that a session or a mailed link names."""
    row = db.session.execute(_CREDENTIALS_OF, {"uniquifier": uniquifier}).first()
    return Credentials(*row) if row else None


def recovery_codes_left(member_id: MemberId) -> int:
    """How many recovery codes are unused."""
    codes = db.session.scalar(sa.select(Member.mf_recovery_codes).where(Member.id == member_id))
    return len(codes or [])


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where mail to a member goes, and in which language."""

    email: str
    name: str
    language: str


_RECIPIENT = sa.select(Member.email, Member.name, Member.language).where(
    Member.id == sa.bindparam("member_id"), Member.active.is_(sa.true()), Member.email.is_not(None)
)


def recipient(member_id: MemberId) -> Recipient | None:
    """The member's address for mail; None if they have none, are blocked or gone."""
    row = db.session.execute(_RECIPIENT, {"member_id": member_id}).first()
    return Recipient(str(row.email), row.name, row.language) if row else None


@dataclass(frozen=True, slots=True)
class AddressRow:
    """An address for pages. `country` is ISO 3166-1."""

    id: int
    recipient: str
    phone: str
    country: str
    region: str
    city: str
    district: str
    line1: str
    line2: str
    postcode: str
    is_default: bool

    @property
    def fields(self) -> dict[str, str]:
        """What an order keeps of it, by name."""
        return {name: value for name, value in asdict(self).items() if isinstance(value, str)}


_ADDRESSES = (
    sa.select(
        Address.id,
        Address.recipient,
        Address.phone,
        Address.country,
        Address.region,
        Address.city,
        Address.district,
        Address.line1,
        Address.line2,
        Address.postcode,
        Address.is_default,
    )
    .where(Address.member_id == sa.bindparam("member_id"), Address.deleted_at.is_(None))
    .order_by(Address.is_default.desc(), Address.id.desc())
)


def addresses(member_id: MemberId) -> list[AddressRow]:
    """The member's addresses, the default first, then the newest."""
    return [AddressRow(**row._mapping) for row in db.session.execute(_ADDRESSES, {"member_id": member_id})]


@dataclass(frozen=True, slots=True)
class Profile:
    """What a member may change about themself, and when they joined."""

    name: str
    phone: str | None
    gender: str | None
    birthday: date | None
    language: str
    created_at: datetime


_PROFILE = sa.select(
    Member.name, Member.phone, Member.gender, Member.birthday, Member.language, Member.created_at
).where(Member.id == sa.bindparam("member_id"))


def profile(member_id: MemberId) -> Profile:
    """The member's own data."""
    return Profile(*db.session.execute(_PROFILE, {"member_id": member_id}).one())
