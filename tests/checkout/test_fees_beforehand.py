"""What stands beside a delivery method as long as nobody has said where to."""

from flask import Flask

from mall.core import clock
from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.domain.members.models import Member
from mall.domain.orders import delivery_rates
from mall.domain.orders.delivery_rates import NewRate
from mall.domain.tiers import service as tiers
from tests.checkout.test_mixes import at_checkout, fees_of
from tests.support.items_factory import make_item
from tests.support.pages import PageClient


def test_nothing_is_promised_that_depends_on_where_it_goes(
    pages: PageClient, app: Flask, mei: Member
) -> None:
    """Free is what every rate is for these goods; what one place alone has free is not."""
    pages.sign_in(mei.email or "")
    now = clock.now()
    with transaction():
        for new in (
            NewRate("standard", "All", (), 1_200, 9_900),
            NewRate("priority", "China", ("CN",), 2_000),
            NewRate("priority", "Shanghai", ("CN/Shanghai",), 0),
        ):
            delivery_rates.add(new, actor=SYSTEM, at=now)
        cheap, dear = (make_item(f"Sold for {n}", points=None, cash=n) for n in (3_000, 30_000))
    assert fees_of(at_checkout(pages, cheap))[:2] == ["from ¥12.00", "from ¥0.00"]
    assert fees_of(at_checkout(pages, dear)) == ["Free of charge", "from ¥0.00", "Free of charge"]


def test_before_an_address_is_known_the_tiers_free_delivery_counts(
    pages: PageClient, app: Flask, mei: Member
) -> None:
    pages.sign_in(mei.email or "")
    now = clock.now()
    with transaction():
        delivery_rates.add(NewRate("priority", "All", (), 2_000), actor=SYSTEM, at=now)
        tiers.grant(mei.id, "gold", actor=SYSTEM, reason="test", at=now)
        made = make_item("Parcel", points=800, cash=3_000)
    assert fees_of(at_checkout(pages, made))[1] == "Free of charge"
