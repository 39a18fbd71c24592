"""The merchant's members out of a file: who is new is created, who is known is brought up to date."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import phonenumbers
import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email

from mall.core.db import db
from mall.core.ids import MemberId
from mall.core.tables import Row, read_table
from mall.domain.members import rules, service
from mall.domain.members.models import Member
from mall.domain.members.service import NewMember

LANGUAGES = ("en", "zh-Hans", "zh-Hant")


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as the file tells, and the line it stands on."""

    line: int
    member: NewMember


@dataclass(frozen=True, slots=True)
class RefusedMember:
    """A row that was not taken, and why."""

    line: int
    why: str


@dataclass(slots=True)
class Outcome:
    """What became of the rows."""

    read: int = 0
    updated: int = 0
    created: dict[str, MemberId] = field(default_factory=dict)
    refused: list[RefusedMember] = field(default_factory=list)


def read_members(data: bytes, name: str, *, region: str) -> list[MemberRow | RefusedMember]:
    """Rows of a CSV or XLSX file: `external_id` and, if there, email, name, phone, language, birthday.

    `region` (ISO 3166) is where a phone number without a country code belongs. Raises UnreadableFile.
    """
    header, rows = read_table(data, name)
    if "external_id" not in header:
        return [RefusedMember(1, "the column external_id is missing")]
    return [_row(row, region) for row in rows]


def _row(row: Row, region: str) -> MemberRow | RefusedMember:
    try:
        return MemberRow(
            row.line,
            NewMember(
                external_id=_external_id(row.get("external_id")),
                email=_email(row.get("email")),
                name=rules.clean_name(row.get("name")),
                phone=_phone(row.get("phone"), region),
                language=_language(row.get("language")),
                birthday=_birthday(row.get("birthday")),
            ),
        )
    except ValueError as error:
        return RefusedMember(row.line, str(error))


def _external_id(text: str) -> str:
    if not 0 < len(text) <= 80:
        raise ValueError("external_id must have 1 to 80 characters")
    return text


def _email(text: str) -> str | None:
    if not text:
        return None
    try:
        return rules.clean_email(validate_email(text, check_deliverability=False).normalized)
    except EmailNotValidError as error:
        raise ValueError(f"email {text!r}: {error}") from None


def _phone(text: str, region: str) -> str | None:
    if not text:
        return None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise ValueError(f"phone {text!r}: {error}") from None
    if not phonenumbers.is_valid_number(number):
        raise ValueError(f"phone {text!r} is no number that can be called")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _language(text: str) -> str | None:
    if text and text not in LANGUAGES:
        raise ValueError(f"language is {text!r}; it must be one of {', '.join(LANGUAGES)}")
    return text or None


def _birthday(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise ValueError(f"birthday is {text!r}; it must look like 1990-05-17") from None


def import_members(rows: Sequence[MemberRow | RefusedMember], *, at: datetime) -> Outcome:
    """Create and update, in bulk. Refused: an address that is another member's, an id that comes twice.

    The caller opens the ledger accounts of `Outcome.created`, and commits.
    """
    outcome = Outcome(read=len(rows), refused=[row for row in rows if isinstance(row, RefusedMember)])
    wanted = [row for row in rows if isinstance(row, MemberRow)]
    known = service.ids_by_external_id({row.member.external_id for row in wanted})
    owners = _owners_of_addresses([row.member.email for row in wanted if row.member.email])
    seen: set[str] = set()
    new: list[NewMember] = []
    old: list[NewMember] = []
    for row in wanted:
        external_id, email = row.member.external_id, row.member.email
        if external_id in seen:
            outcome.refused.append(
                RefusedMember(row.line, f"external_id {external_id!r} comes twice in this file")
            )
        elif email and owners.setdefault(email, external_id) != external_id:
            outcome.refused.append(RefusedMember(row.line, f"the address {email} belongs to another member"))
        else:
            seen.add(external_id)
            (old if external_id in known else new).append(row.member)
    outcome.created = service.create_many(new, at=at)
    outcome.updated = service.update_many(old, at=at)
    return outcome


def _owners_of_addresses(emails: Sequence[str]) -> dict[str, str | None]:
    """External id (None: a member without one) by address."""
    found = db.session.execute(sa.select(Member.email, Member.external_id).where(Member.email.in_(emails)))
    return {str(email): external_id for email, external_id in found}
