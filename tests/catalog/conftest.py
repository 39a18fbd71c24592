"""A small shop for the catalogue's tests, and points for the cast."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.domain.items.service import Text
from mall.domain.ledger import service as ledger
from mall.domain.members.models import Member
from tests.support.items_factory import LONG_AGO, Made, make_category, make_item

Give = Callable[..., None]


def soon(**ahead: float) -> datetime:
    """An instant after now: pages show what holds when they are asked for."""
    return datetime.now(UTC) + timedelta(**ahead)


@pytest.fixture
def give(app: Flask) -> Give:
    """give(member, 500) lets a member earn points; `expires_at` if they are to end."""

    def earn(member: Member, points: int, *, expires_at: datetime | None = None) -> None:
        name = f"{member.id}:{points}:{expires_at}"
        with transaction():
            ledger.earn(
                member.id,
                points,
                ref=ledger.Ref("purchase", name),
                key=ledger.Key("test", name),
                actor=SYSTEM,
                at=datetime.now(UTC),
                expires_at=expires_at,
            )

    return earn


@pytest.fixture
def shop(app: Flask) -> dict[str, Made]:
    """Headphones (audio, 1,200 points), speaker (audio, 5,000, 2 left), mug (kitchen, 300, sold out), course
    (a service, 800, unlimited), voucher (digital, 20,000)."""
    with transaction():
        make_category("audio", name="Audio")
        return {
            "headphones": make_item(
                "Quiet headphones", slug="headphones", points=1_200, stock=12, value=12_900, sku="AUD-01", at=LONG_AGO,
                texts={"zh-Hans": Text("静音耳机", "安静地听"), "zh-Hant": Text("靜音耳機")},
            ),
            "speaker": make_item(
                "Table speaker", slug="speaker", points=5_000, stock=2, at=LONG_AGO + timedelta(days=1),
                texts={"zh-Hans": Text("桌面音箱"), "zh-Hant": Text("桌面音箱")},
            ),
            "mug": make_item("Stoneware mug", slug="mug", category="kitchen", points=300, stock=0, at=LONG_AGO + timedelta(days=2)),
            "course": make_item("Baking course", slug="course", kind="service", category="kitchen", points=800, stock=None, at=LONG_AGO + timedelta(days=3)),
            "voucher": make_item("Cinema voucher", slug="voucher", kind="digital", category="codes", points=20_000, stock=50, at=LONG_AGO + timedelta(days=4)),
        }  # fmt: skip
