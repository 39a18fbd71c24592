"""How it works, in figures that hold now: what a purchase gives, how long points live, tiers, what delivery costs."""

from dataclasses import dataclass

from flask import current_app
from flask.typing import ResponseReturnValue
from flask_babel import format_percent

from mall.catalog.blueprint import bp
from mall.core import clock, money
from mall.core.numbers import exponent
from mall.domain.earning.queries import rate_in_force
from mall.domain.items.rules import pick
from mall.domain.orders.delivery_board import board
from mall.domain.tiers.queries import ladder
from mall.web.delivery_words import where
from mall.web.languages import locale_tag
from mall.web.render import page


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the ladder in words: its name, its discount on cash, the kinds of delivery that it has free."""

    code: str
    name: str
    discount: str
    free: tuple[str, ...]


@bp.get("/programme")
def programme() -> ResponseReturnValue:
    """Points: how they come, how long they live, in which order they go; and the tiers."""
    settings, locale = current_app.config["SETTINGS"], locale_tag()
    worth = money.rates()
    steps = [
        Step(
            tier.code,
            pick(tier.name, locale),
            str(format_percent(tier.cash_discount / 10_000, "#,##0.##%")) if tier.cash_discount else "",
            tuple(sorted(tier.free_delivery)),
        )
        for tier in ladder()
    ]
    return page(
        "catalog/programme.html",
        rate=rate_in_force(clock.now()),
        months=settings.points_life_months,
        grace_days=settings.grace_days,
        worth=worth,
        unit=10 ** exponent(worth.currency),
        steps=steps,
    )


@bp.get("/programme/delivery")
def delivery() -> ResponseReturnValue:
    """The ways of delivery and their fees, as the checkout offers them."""
    return page("catalog/delivery.html", methods=board(locale_tag()), where=where)
