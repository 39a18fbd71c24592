"""Asking Stripe about an order: always between two transactions, never inside one.

The checkout's pages and the worker call the same functions; a page's calls are made in a hurry (`transport`), and what
Stripe has not answered by then is the worker's. Each may be repeated at any time, by anybody, from
any state, and a process that dies in the middle of one leaves nothing that the next call cannot finish.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final, Protocol, cast

import structlog
from flask import current_app, has_request_context

from mall.core import clock
from mall.core.db import AWAY, let_go, transaction
from mall.core.ids import OrderId
from mall.domain.orders import attempts, settling
from mall.domain.orders.attempts import NUMBER, Call, Paying
from mall.domain.orders.settling import Settled
from mall.domain.payments import queries as payments
from mall.domain.payments import rules
from mall.domain.payments.errors import KeyMisused, Refused, StripeTrouble, Unknown
from mall.domain.payments.gateway import Gateway
from mall.domain.payments.objects import Session
from mall.domain.payments.queries import PaymentView
from mall.domain.payments.transport import in_a_hurry
from mall.web.links import absolute
from mall.web.programme import cash_terms, grace

#: How far Stripe's clock and ours may be apart when sessions are looked up by the time they were made.
_SKEW: Final = timedelta(minutes=5)
Now = Callable[[], datetime]

log = structlog.get_logger("mall.paying")


def gateway() -> Gateway:
    """The way to Stripe, or to the development Stripe."""
    return cast(Gateway, current_app.extensions["payments"])


class Silent(Unknown):
    """A page is not to ask just now: it, or another, has just asked, and nobody answered."""


@contextmanager
def _paced() -> Iterator[None]:
    """A page waits no longer for Stripe than its reader would; the worker, which nobody waits for, does."""
    if not has_request_context():
        yield
        return
    with in_a_hurry():
        yield


def paying(*, locale: str, email: str | None) -> Paying:
    """What Stripe's page must know of a member: their language, their address, where they come back to."""
    mark = "NUMBER"
    return Paying(
        success_url=absolute("checkout.returned", number=mark).replace(mark, NUMBER),
        cancel_url=absolute("checkout.pay", number=mark).replace(mark, NUMBER),
        locale=locale,
        livemode=gateway().livemode,
        email=email,
    )


@_paced()
def open_session(order_id: OrderId, *, now: Now = clock.now) -> None:
    """Have Stripe make the session of the order's attempt, if it has none that we know. Raises Unknown.

    Nothing happens while somebody else has the attempt in hand, or where the order does not wait for cash.
    """
    with transaction():
        call = attempts.take_up(order_id, at=now())
    if call is not None:
        _ask(order_id, call, now)


def try_to_open(order_id: OrderId) -> None:
    """The same for a member whose order stands: if nobody answers, the worker goes on with it, and the page says so.

    Nor may our own database's silence turn into "nothing was changed": the order has been placed.
    """
    try:
        open_session(order_id)
    except StripeTrouble:
        pass
    except AWAY as error:
        let_go()
        log.warning("payment.left_to_worker", order_id=order_id, error=type(error).__name__)


@_paced()
def look(order_id: OrderId, *, seen: timedelta = timedelta(), now: Now = clock.now) -> Settled | None:
    """Read what Stripe says of the order's open sessions, and settle. Raises Unknown. None if there was nothing to read.

    Sessions read less than `seen` ago are left alone: a page that asks often does not have Stripe asked as often.
    """
    settled = None
    for session in _to_ask_about(payments.of_order(order_id), now() - seen):
        settled = _read(order_id, session, now)
    return settled


class Attempt(Protocol):
    """What must be known of an attempt to ask about it."""

    @property
    def state(self) -> str: ...
    @property
    def session_id(self) -> str | None: ...
    @property
    def mirrored_at(self) -> datetime | None: ...


def _to_ask_about(attempts: Iterable[Attempt], since: datetime) -> Iterator[str]:
    """The sessions that may still be paid, and were not read since then."""
    for attempt in attempts:
        recent = attempt.mirrored_at is not None and attempt.mirrored_at > since
        if attempt.state == "open" and attempt.session_id and not recent:
            yield attempt.session_id


@_paced()
def _read(order_id: OrderId, session: str, now: Now) -> Settled:
    return settle(order_id, gateway().retrieve_session(session), now=now)


def glance(
    order_id: OrderId, attempts: Iterable[Attempt], *, seen: timedelta, now: Now = clock.now
) -> Settled | None:
    """`look` for a page that anybody may load as often as they like, at attempts that it has read already: of all those
    who want to know, one asks.

    While Stripe is silent the next one asks after a longer and longer pause. Raises Unknown; Silent where a page is
    not to ask as nobody answered the last one.
    """
    settled, glances = None, gateway().glances
    for session in _to_ask_about(attempts, now() - seen):
        turn = glances.begin(session, at=now())
        if turn == "silent":
            raise Silent("nobody answered just now")
        if turn == "ask":
            settled = _glance(order_id, session, now)
    return settled


def _glance(order_id: OrderId, session: str, now: Now) -> Settled:
    answered = True
    try:
        return _read(order_id, session, now)
    except StripeTrouble:
        answered = False
        raise
    finally:
        gateway().glances.end(session, answered=answered, at=now())


@_paced()
def end(order_id: OrderId, *, now: Now = clock.now) -> Settled:
    """Have Stripe end every session of an order that is being closed, then let go of what it holds. Raises Unknown.

    A session that turns out to be paid pays the order after all.
    """
    for attempt in payments.of_order(order_id):
        if attempt.state in ("new", "unknown"):
            open_session(order_id, now=now)
    for attempt in payments.of_order(order_id):
        if attempt.state == "open" and attempt.session_id:
            settle(order_id, gateway().expire_session(attempt.session_id), now=now)
    return settle(order_id, None, now=now)


@_paced()
def declare_over(order_id: OrderId, *, write_down: Callable[[str], None], now: Now = clock.now) -> int:
    """End the open attempts whose session Stripe does not know, asked right now, then settle; how many there were.

    Sessions that Stripe knows are settled as ever. `write_down` is told each missing session's id in the transaction that
    ends its attempt. A live session is not asked for with a test key, which knows none: raises Unknown, as Stripe may.
    """
    missing = 0
    for attempt in payments.of_order(order_id):
        if attempt.state != "open" or attempt.session_id is None:
            continue
        if attempt.livemode != gateway().livemode:
            raise Unknown(f"{attempt.session_id} is of the other mode")
        try:
            settle(order_id, gateway().retrieve_session(attempt.session_id), now=now)
        except Refused as refusal:
            if refusal.code != "resource_missing":
                raise
            with transaction():
                attempts.gone(order_id, attempt.id, str(refusal), at=now())
                write_down(attempt.session_id)
            log.error("payment.declared_over", order_id=order_id, session=attempt.session_id)
            missing += 1
    settle(order_id, None, now=now)
    return missing


def settle(order_id: OrderId, session: Session | None, *, now: Now = clock.now) -> Settled:
    """`settling.settle` in a transaction of its own; what is not believed is logged, and stands on the staff's desk."""
    with transaction():
        settled = settling.settle(order_id, session=session, terms=cash_terms(), at=now(), grace=grace())
    if settled.problem:
        log.error("payment.not_believed", order_id=order_id, problem=settled.problem)
    return settled


def _ask(order_id: OrderId, call: Call, now: Now) -> None:
    """Ask for a session with the attempt's own key and body, and write down the outcome. Raises Unknown."""
    attempt = call.payment
    try:
        session, why = _answer(call, now())
    except Unknown as error:
        with transaction():
            attempts.unknown(order_id, attempt.id, str(error), at=now())
        log.warning("payment.unknown", order_id=order_id, calls=attempt.calls, error=str(error))
        raise
    if session is None:
        with transaction():
            attempts.refused(order_id, attempt.id, why, at=now())
        log.error("payment.refused", order_id=order_id, error=why)
    settle(order_id, session, now=now)


def _answer(call: Call, at: datetime) -> tuple[Session | None, str]:
    """The attempt's session; or None, and why there certainly is none that could be paid. Raises Unknown."""
    attempt = call.payment
    if call.look:
        if found := _find(attempt):
            return found, ""
        if attempts.is_over(attempt, at=at):
            return None, "Stripe has no session by that name, and its time is over"
    try:
        return gateway().create_session(attempt.request, key=attempt.key), ""
    except KeyMisused as error:
        if found := _find(attempt):
            return found, ""
        raise Unknown(str(error)) from error
    except Refused as refused:
        # This one was; an earlier one, whose answer got lost, may have been taken.
        found = _find(attempt) if attempt.calls > 1 else None
        return found, str(refused)


def _find(attempt: PaymentView) -> Session | None:
    latest = attempt.created_at + rules.KEY_LIFE + _SKEW
    return gateway().find_session(attempt.reference, attempt.created_at - _SKEW, latest)
