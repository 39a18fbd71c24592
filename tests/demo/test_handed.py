"""What the demo hands over: pools for its digital items, fees for its deliveries."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask

from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.demo import handed
from mall.domain.items.code_models import Code
from mall.domain.items.queries.codes import code_violations, pools
from mall.domain.orders import delivery_rates
from mall.domain.orders.delivery import Method, fee
from mall.domain.orders.documents import reading
from mall.domain.orders.models import DeliveryMethod
from tests.support.codes_factory import CIPHER
from tests.support.items_factory import make_item

SHANGHAI = {"country": "CN", "region": "上海市"}


def test_every_digital_item_has_a_pool_but_those_that_are_no_code(app: Flask, at: datetime) -> None:
    with transaction():
        make_item("Coffee", kind="digital", sku="VCH-0101", slug="coffee", stock=None)
        make_item("Two left", kind="digital", sku="VCH-0102", slug="two-left", stock=2)
        make_item("None", kind="digital", sku="VCH-0103", slug="none-left", stock=0)
        make_item("Tree", kind="digital", sku="VCH-0104", slug="tree-donation", stock=None)
        make_item("Cup", sku="CUP-0101", stock=4)
    with transaction():
        filled = handed.fill_pools(CIPHER, actor=SYSTEM, at=at, now=at)
    found = {pool.sku: pool.free for pool in pools(locale="en")}
    assert found.keys() == {"VCH-0101", "VCH-0102"}
    assert (found["VCH-0102"], sum(found.values())) == (2, filled)
    assert list(code_violations()) == []
    texts = [CIPHER.decrypt(text) for text in db.session.scalars(sa.select(Code.ciphertext))]
    assert all("DEMO-" in text for text in texts)
    assert len(set(texts)) == filled


def test_points_alone_get_a_cup_sent_in_the_mainland(app: Flask, at: datetime) -> None:
    with transaction():
        handed.set_fees(actor=SYSTEM, at=at)
    rates = delivery_rates.load()
    assert fee(Method("standard", "standard"), SHANGHAI, value=0, free_kinds=(), rates=rates).amount == 0
    assert fee(Method("same_day", "same_day"), SHANGHAI, value=0, free_kinds=(), rates=rates).amount > 0
    assert db.session.get_one(DeliveryMethod, "same_day").active


def test_receipts_of_the_demo_show_taxes_from_its_first_day(app: Flask, at: datetime) -> None:
    with transaction():
        handed.set_taxes(starts_on=at.date())
    found = {kind: rate.rate for kind, rate in reading.rates(at.date()).items()}
    assert found == {"goods": 1_300, "service": 600, "digital": 600, "delivery": 600}
    assert reading.rates(at.date() - timedelta(days=1)) == {}
