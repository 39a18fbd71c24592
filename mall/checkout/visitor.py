"""Whose basket this request is about."""

from flask import session
from flask_login import current_user

from mall.core import ids
from mall.core.ids import MemberId
from mall.domain.orders.basket import Owner

#: Where a guest's session keeps the token of their basket; signing in merges and forgets it.
TOKEN = "basket"  # noqa: S105 - the name of a place in the session, no secret


def owner() -> Owner:
    """The signed-in member, else the guest of this session (who may not have a basket yet)."""
    if current_user.is_authenticated:
        return Owner(member=MemberId(current_user.id))
    return Owner(token=session.get(TOKEN))


def owner_with_basket() -> Owner:
    """The same, giving a guest a token to keep a basket by."""
    if not current_user.is_authenticated and TOKEN not in session:
        session[TOKEN] = ids.token(32)
        session.permanent = True
    return owner()
