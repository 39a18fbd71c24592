"""Mail: what was told in the mall, put into the member's language and sent; and mail that is written already."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import force_locale
from flask_mailman import EmailMultiAlternatives

from mall.core.ids import MemberId, OrderId
from mall.domain.members import queries as members
from mall.domain.notifications.rules import KINDS
from mall.domain.orders import queries as orders
from mall.domain.orders.documents import reading as documents
from mall.web import mail, telling, wording
from mall.web.links import absolute
from mall.worker.delivery import Handler

#: What a kind's mail shows beyond the message's own data; read when the mail is written.
_Reader = Callable[[dict[str, Any], str], dict[str, Any]]


def _order(data: dict[str, Any], locale: str) -> dict[str, Any]:
    order = orders.mail_view(OrderId(data["order_id"]), locale=locale)
    return {
        "order": order,
        "url": absolute("checkout.order", number=data["number"]),
        "documents": [
            (kind, number, absolute("checkout.document", number=number)) for kind, number in order.documents
        ],
    }


def _back(data: dict[str, Any], locale: str) -> dict[str, Any]:
    """The order, what came back of it and why, and the refund's credit note once it is issued."""
    shown = _order(data, locale)
    number = documents.note_of_refund(data["refund"]) if data.get("refund") else None
    return {
        **shown,
        "back": telling.returned(shown["order"], data.get("refund")),
        "credit_notes": [("credit_note", number, absolute("checkout.document", number=number))]
        if number
        else [],
    }


_READERS: dict[str, _Reader] = {
    "order.placed": _order,
    "order.shipped": _order,
    "order.fulfilled": _order,
    "order.codes": _order,
    "order.cancelled": _back,
    "order.expired": _order,
    "order.refunded": _back,
}


def written(
    member_id: MemberId, kind: str, data: dict[str, Any], message_id: int
) -> EmailMultiAlternatives | None:
    """The mail for a message to a member, in their language; None if they are gone or have no address."""
    to = members.recipient(member_id)
    if to is None:
        return None
    known = KINDS[kind]
    with force_locale(to.language.replace("-", "_")):
        more = _READERS[kind](data, to.language) if kind in _READERS else {}
        context = {
            **data,
            **more,
            "line": wording.line(kind, data),
            "name": to.name,
            "locale_tag": to.language,
        }
        return mail.message(
            to=to.email,
            name=to.name,
            subject=wording.title(kind, data),
            text=render_template(f"{known.template}.txt", **context),
            html=render_template(f"{known.template}.html", **context),
            message_id=message_id,
            language=to.language,
        )


@contextmanager
def to_member() -> Iterator[Handler]:
    """Mail about something that was told in the mall; one connection a batch."""
    with mail.connection() as send:

        def handle(payload: dict[str, Any], _at: datetime, message_id: int) -> None:
            message = written(payload["member_id"], payload["kind"], payload["data"], message_id)
            if message is not None:
                send(message)

        yield handle


@contextmanager
def as_written() -> Iterator[Handler]:
    """Mail whose words stand in the outbox (reset, confirmation); one connection a batch."""
    with mail.connection() as send:

        def handle(payload: dict[str, Any], _at: datetime, message_id: int) -> None:
            send(mail.message(**payload, message_id=message_id))

        yield handle
