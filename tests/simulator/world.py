"""One history's world: its clock, its luck, its Stripe, its processes, and what was seen of it."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
import time_machine
from flask import Flask

from devstripe.testing import Running, in_process
from mall.core.db import db
from mall.core.ids import OrderId
from mall.domain.orders.models import order_table, refund_table
from mall.domain.orders.service import Delivery
from tests.simulator.dying import Killed, Life, Wire
from tests.simulator.stage import Stage
from tests.support.stripe import WEBHOOK, gateway_to

T = TypeVar("T")

#: Instants to begin at: month ends, a leap day, the hours in which clocks change, New Year in Shanghai.
BEGINNINGS = (
    datetime(2026, 11, 30, 15, 50, tzinfo=UTC),
    datetime(2026, 12, 31, 15, 58, tzinfo=UTC),
    datetime(2027, 1, 31, 3, 0, tzinfo=UTC),
    datetime(2027, 3, 28, 0, 55, tzinfo=UTC),
    datetime(2027, 10, 31, 0, 40, tzinfo=UTC),
    datetime(2028, 2, 28, 15, 45, tzinfo=UTC),
    datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
)


@dataclass
class World:
    """What a history may use. Everything by chance comes from `luck`."""

    stage: Stage
    luck: random.Random
    stripe: Running
    clock: time_machine.Traveller
    life: Life
    lines: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    #: What chance has done that must be found again: twisted webhooks, money that Stripe says cannot come.
    twisted: set[str] = field(default_factory=set)
    #: Checkout pages that somebody has open: quote, whose, delivery, key.
    open_pages: list[tuple[str, str, Delivery, str]] = field(default_factory=list)
    posts: int = 0
    keys: int = 0
    depth: int = 0
    calm: bool = False

    @property
    def app(self) -> Flask:
        return self.stage.app

    def now(self) -> datetime:
        """The mall's clock."""
        return datetime.now(UTC)

    def pass_time(self, by: timedelta) -> None:
        """Let time pass, for the mall and for Stripe alike."""
        self.clock.shift(by)
        self.stripe.control.advance(0)

    def say(self, text: str) -> None:
        """Add a line to the history."""
        self.lines.append(f"{'  ' * self.depth}{self.now():%Y-%m-%d %H:%M:%S} {text}")

    def chance(self, share: float) -> bool:
        """True about that often."""
        return self.luck.random() < share

    def pick(self, among: Sequence[T]) -> T | None:
        """One of them by chance; None of none."""
        return self.luck.choice(among) if among else None

    def orders(self, *states: str) -> list[OrderId]:
        """Orders in these states (any, if none is named), the first first."""
        stmt = sa.select(order_table.c.id).order_by(order_table.c.id)
        if states:
            stmt = stmt.where(order_table.c.state.in_(states))
        return [OrderId(row) for row in db.session.scalars(stmt)]

    def refunds(self, *states: str) -> list[int]:
        """Refunds in these states, the first first."""
        stmt = (
            sa.select(refund_table.c.id).where(refund_table.c.state.in_(states)).order_by(refund_table.c.id)
        )
        return list(db.session.scalars(stmt))

    def name(self, order: int) -> str:
        """An order as histories call it: by its place, which is the same in every replay."""
        return f"order {self.orders().index(OrderId(order)) + 1}"

    def things(self, kind: str) -> list[dict[str, Any]]:
        """Objects of a kind as Stripe has them, the oldest first."""
        return list(reversed(self.stripe.app.world.store.newest(kind)))

    def receive(self, body: bytes, headers: Mapping[str, str]) -> int:
        """The mall's webhook: another process than the one at hand, which may die too."""
        self.posts += 1
        fuse = self.luck.randrange(3) if self.depth == 0 and self.chance(0.08) else None
        with self.life.another(fuse):
            try:
                return self.app.test_client().post(WEBHOOK, data=body, headers=dict(headers)).status_code
            except Killed:
                return 503


@contextmanager
def created(stage: Stage, seed: int, meanwhile: Callable[["World"], None]) -> Iterator[World]:
    """A world on a database of its own, at an instant of its seed; `meanwhile` is called on the way to and from Stripe."""
    luck = random.Random(seed)
    begin = luck.choice(BEGINNINGS) + timedelta(minutes=luck.randrange(20))
    life = Life()
    made: list[World] = []

    def post(body: bytes, headers: Mapping[str, str]) -> int:
        return made[0].receive(body, headers)

    with (
        stage.set(),
        time_machine.travel(begin, tick=False) as clock,
        in_process(webhook=post, seed=seed) as running,
        life.at_commits(),
    ):
        world = World(stage, luck, running, clock, life)
        made.append(world)
        assert running.http_client is not None
        wire = Wire(running.http_client, life, lambda: meanwhile(world))
        before = stage.app.extensions["payments"]
        stage.app.extensions["payments"] = gateway_to(running, http_client=wire)
        try:
            yield world
        finally:
            stage.app.extensions["payments"] = before
