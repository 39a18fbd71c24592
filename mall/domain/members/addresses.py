"""The verbs of the address book. Deleting hides an address, so that it can be brought back."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mall.core.db import db
from mall.core.ids import MemberId
from mall.domain.members import service
from mall.domain.members.errors import NoSuchAddress, TooManyAddresses
from mall.domain.members.models import Address

MOST = 20


def save_address(
    member_id: MemberId,
    *,
    recipient: str,
    phone: str,
    country: str,
    region: str,
    city: str,
    line1: str,
    line2: str,
    postcode: str,
    district: str = "",
    is_default: bool = False,
    address_id: int | None = None,
    at: datetime,
) -> Address:
    """A new address, or the member's own one of that id with new contents. The first is the default by itself.

    `phone` in E.164 or as typed, `country` ISO 3166-1. Raises TooManyAddresses, NoSuchAddress.
    """
    service.find(member_id, lock=True)
    fields: dict[str, Any] = {
        "recipient": recipient,
        "phone": phone,
        "country": country,
        "region": region,
        "city": city,
        "district": district,
        "line1": line1,
        "line2": line2,
        "postcode": postcode,
    }
    book = _book(member_id)
    if address_id is None:
        if len(book) >= MOST:
            raise TooManyAddresses(most=MOST)
        address = Address(member_id=member_id, created_at=at, is_default=False, **fields)
        db.session.add(address)
    else:
        address = _own(book, address_id)
        for name, value in fields.items():
            setattr(address, name, value)
    db.session.flush()
    if is_default or not any(entry.is_default for entry in book):
        _make_default(book, address)
    return address


def make_default(member_id: MemberId, address_id: int) -> None:
    """The address that checkout proposes. Raises NoSuchAddress."""
    service.find(member_id, lock=True)
    book = _book(member_id)
    _make_default(book, _own(book, address_id))


def delete_address(member_id: MemberId, address_id: int, *, at: datetime) -> None:
    """Hide the address; if it was the default, the newest of the others becomes it. Raises NoSuchAddress."""
    service.find(member_id, lock=True)
    book = _book(member_id)
    address = _own(book, address_id)
    was_default, address.is_default, address.deleted_at = address.is_default, False, at
    db.session.flush()
    others = [entry for entry in book if entry is not address]
    if was_default and others:
        _make_default(others, others[-1])


def restore_address(member_id: MemberId, address_id: int) -> None:
    """Bring a deleted address back. Raises NoSuchAddress, TooManyAddresses."""
    service.find(member_id, lock=True)
    address = db.session.get(Address, address_id)
    if address is None or address.member_id != member_id or address.deleted_at is None:
        raise NoSuchAddress
    book = _book(member_id)
    if len(book) >= MOST:
        raise TooManyAddresses(most=MOST)
    address.deleted_at = None
    db.session.flush()
    if not book:
        _make_default(book, address)


def _book(member_id: MemberId) -> list[Address]:
    """The member's addresses, the oldest first."""
    stmt = sa.select(Address).where(Address.member_id == member_id, Address.deleted_at.is_(None))
    return list(db.session.scalars(stmt.order_by(Address.id)))


def _own(book: list[Address], address_id: int) -> Address:
    for address in book:
        if address.id == address_id:
            return address
    raise NoSuchAddress


def _make_default(book: list[Address], chosen: Address) -> None:
    for address in book:
        address.is_default = False
    db.session.flush()
    chosen.is_default = True
    db.session.flush()
