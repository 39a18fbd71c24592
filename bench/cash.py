"""Orders with cash due, placed and settled, against the bare driver; and orders through the door, with form and session.

Stripe is not asked: what it would have said is made here, so that what is measured is ours.
"""

import re
import threading
import time
from collections.abc import Callable, Sequence
from contextvars import Context
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from bench.orders import ADDRESS, TERMS, THREADS
from bench.pages import signed_in
from bench.stage import AT, Row, Tape, recording, replay
from mall.core import clock
from mall.core.actor import SYSTEM, as_member
from mall.core.db import db, transaction
from mall.core.ids import MemberId, OrderId, VariantId
from mall.domain.earning.rules import CashTerms
from mall.domain.items import offers
from mall.domain.items.models import Variant
from mall.domain.members import addresses
from mall.domain.orders import quoting, service, settling
from mall.domain.orders.attempts import Paying
from mall.domain.orders.service import Delivery
from mall.domain.payments import queries as payments
from mall.domain.payments import rules as payments_rules
from mall.domain.payments.objects import Charge, Intent, Session

ROUNDS, ORDERS, POINTS, CASH = 5, 60, 800, 3_000
PER_CLIENT = 20
_PAYING = Paying(
    success_url="http://127.0.0.1/done", cancel_url="http://127.0.0.1/back", locale="en", livemode=False
)

_EARNS = CashTerms(earns=True, wait_days=0, life_months=12, currency="CNY", zone="Asia/Shanghai")


def price_in_both(variants: Sequence[int]) -> dict[int, int]:
    """A combo on each variant's item; the offer by variant."""
    made = {}
    with transaction():
        for variant in variants:
            item = db.session.get_one(Variant, variant).item_id
            offer = offers.add_offer(item, kind="combo", position=9, tier_discount="none", at=AT)
            offers.set_price(offer.id, points=POINTS, cash=CASH, starts_at=AT, actor=SYSTEM, at=AT)
            made[variant] = offer.id
    return made


def row(
    kind: str, members: Sequence[MemberId], offered: dict[int, int], again: Callable[[int], Any], begin: str
) -> Row:
    """Placing (hold, reservation, attempt) and settling (capture, sale), two transactions an order, one connection."""
    variants, rounds, ours, theirs = list(offered), [], 0.0, 0.0
    for turn in range(ROUNDS):
        jobs = []
        with transaction():
            for n in range(ORDERS):
                member, variant = members[n % len(members)], variants[n % len(variants)]
                ask = quoting.Ask(VariantId(variant), 1, offered[variant])
                jobs.append((member, quoting.make_quote(member=member, at=AT, lines=[ask]).id))
        db.session.remove()
        connection, tapes = again(turn), list[Tape]()
        start = time.perf_counter()
        for member, quote in jobs:
            tapes += _place_and_settle(member, quote)
        ours = ORDERS / (time.perf_counter() - start)
        start = time.perf_counter()
        for tape in tapes:
            if begin and not any(said[0].startswith("BEGIN") for said in tape.said):
                connection.execute(begin)
            replay(connection, tape)
            connection.commit()
        theirs = ORDERS / (time.perf_counter() - start)
        connection.close()
        rounds.append(ours / theirs)
    detail = f"{ours:.0f} orders/s; bare driver {theirs:.0f}/s"
    return Row(f"place + settle with cash, {kind}: × the bare driver", 0.25, "higher", rounds, detail)


def _place_and_settle(member: MemberId, quote: str) -> list[Tape]:
    with recording(db.engine) as placing, transaction():
        placed = service.place(
            quote, member=member, key=quote, actor=as_member(member), at=AT, zone="Asia/Shanghai",
            delivery=Delivery("standard", ADDRESS), terms_version=TERMS, paying=lambda: _PAYING,
        )  # fmt: skip
    session = _paid(OrderId(placed.id))
    with recording(db.engine) as settled, transaction():
        done = settling.settle(OrderId(placed.id), session=session, terms=_EARNS, at=AT)
    if done.state != "paid":
        raise RuntimeError(f"the order is {done.state}: {done.problem}")
    return [placing, settled]


def _paid(order: OrderId) -> Session:
    """What Stripe says of the order's session once it is paid."""
    attempt = payments.of_order(order)[0]
    name = attempt.reference
    intent = Intent(
        id=f"pi_{name}", status="succeeded", amount=attempt.amount, received=attempt.amount,
        charge=Charge(id=f"ch_{name}", captured=attempt.amount, refunded=0),
    )  # fmt: skip
    return Session(
        id=f"cs_{name}", status="complete", payment_status="paid", amount=attempt.amount,
        currency=attempt.currency, livemode=False, mode="payment", reference=name, created=AT,
        metadata={payments_rules.ORDER: attempt.number, payments_rules.ATTEMPT: name},
        expires_at=AT + timedelta(minutes=31), intent_id=intent.id, intent=intent,
    )  # fmt: skip


def door(app: Flask, members: Sequence[MemberId], variants: Sequence[int], bare: float, what: str) -> Row:
    """POST /checkout, points only, with session and CSRF token, by 8 threads; `bare`: the same without us, a second."""
    rounds, ours = [], 0.0
    for turn in range(3):
        work = [
            _ready(app, member, variants[turn * THREADS + n]) for n, member in enumerate(members[:THREADS])
        ]
        threads = [threading.Thread(target=_send, args=jobs) for jobs in work]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ours = sum(len(forms) for _, forms in work) / (time.perf_counter() - start)
        rounds.append(ours / bare)
    detail = f"{ours:.0f} orders/s; {bare:.0f}/s"
    return Row(f"POST /checkout with session and CSRF, {what}", 0.12, "higher", rounds, detail)


#: A client, and the forms that it sends one after the other.
_Job = tuple[FlaskClient, list[dict[str, str]]]


def _ready(app: Flask, member: MemberId, variant: int) -> _Job:
    """A member at the checkout with some quotes: the page was read once, for its token."""
    name, _, value = signed_in(app, member).partition("=")
    client = app.test_client()
    client.set_cookie(name, value)
    with transaction():
        now = clock.now()
        address = addresses.save_address(member, **ADDRESS, at=now).id
        ask = [quoting.Ask(VariantId(variant), 1)]
        made = [quoting.make_quote(member=member, at=now, lines=ask).id for _ in range(PER_CLIENT)]
    db.session.remove()
    # A context of its own: within the bench's application context requests share `g`, and so the person.
    page = Context().run(client.get, f"/checkout?quote={made[0]}").get_data(as_text=True)
    same = {field: _field(page, field) for field in ("csrf_token", "terms_version")}
    same |= {"delivery": "standard", "address": str(address), "terms": "y"}
    return client, [same | {"quote": quote, "key": f"bench-{quote}"} for quote in made]


def _field(page: str, name: str) -> str:
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    value = re.search(r'value="([^"]*)"', tag[0]) if tag else None
    if value is None:
        raise RuntimeError(f"the checkout has no field {name}")
    return value[1]


def _send(client: FlaskClient, forms: list[dict[str, str]]) -> None:
    for form in forms:
        answer = client.post("/checkout", data=form)
        if answer.status_code != 303:
            raise RuntimeError(f"the checkout answered {answer.status_code}")
