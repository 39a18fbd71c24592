"""Fault 29, the hard half: the database has committed, and its answer never arrives. Over a real wire to PostgreSQL.

SQLite is in the process: there is no answer to lose, and the same presses must end the same.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from mall.app import create_app
from mall.core.db import db
from tests.faults.test_database import DOUBT, Buyer, refused, sold
from tests.support.client import SeparateClient
from tests.support.databases import settings_for
from tests.support.stripe import stripe_for
from tests.support.wire import Wire, wire_to

pytestmark = pytest.mark.races


@pytest.fixture
def shop(fresh_app: Flask, at: datetime, tmp_path: Path) -> Iterator[tuple[Buyer, Wire | None]]:
    """Mei at a mall that stands at the other end of a wire from its database."""
    with fresh_app.app_context():
        url = db.engine.url
    with ExitStack() as stack:
        wire = stack.enter_context(wire_to(url.host or "", url.port or 0)) if url.port else None
        there = url.set(port=wire.port) if wire else url
        address = there.set(drivername=url.get_backend_name()).render_as_string(hide_password=False)
        app = create_app(settings_for(address, tmp_path))
        app.test_client_class = SeparateClient
        stack.enter_context(time_machine.travel(at, tick=False))
        stack.enter_context(stripe_for(app, at))
        yield Buyer(app, at), wire
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def test_when_the_answer_to_a_commit_is_lost_the_order_is_one_and_its_member_is_told_the_truth(
    fresh_app: Flask, shop: tuple[Buyer, Wire | None]
) -> None:
    buyer, wire = shop
    told = []
    for n in count(1):
        form, there = buyer.form(), buyer.orders()
        if wire:
            wire.lose(n)
        answer = buyer.press(form)
        lost = wire is not None and wire.spare()
        if answer.status_code == 503:
            told.append("in doubt")
            refused(answer, said=DOUBT)
            assert buyer.orders() == there + 1  # as the page says: it may have gone through, and it has
        else:
            told.append("placed")
            sold(answer)
        assert buyer.orders() == there + 1
        sold(buyer.press(form))
        sold(buyer.press(form))
        assert buyer.orders() == there + 1
        if not lost:
            break
    # The first commit is the order's; those behind it are its session's, which the worker goes on with.
    assert told[0] == ("in doubt" if wire else "placed")
    assert set(told[1:]) <= {"placed"}
    assert len(told) > 2 or wire is None
    with fresh_app.app_context():
        assert not db.session.execute(
            sa.text("SELECT quote_id FROM orders GROUP BY quote_id HAVING count(*) > 1")
        ).all()
