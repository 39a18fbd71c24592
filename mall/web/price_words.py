"""How a price is made, in the reader's words: tiers' names, the steps of `pricing.explain`, rates."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import format_percent, gettext, ngettext
from flask_babel import lazy_gettext as _l

from mall.domain.items.ways import FULL
from mall.domain.orders.pricing import Step
from mall.web.formatting import money, points, price

#: The steps of the ladder as they stand within a sentence.
TIER = {"basic": _l("basic"), "silver": _l("silver"), "gold": _l("gold"), "diamond": _l("diamond")}


#: The ways to pay, named.
TITLE = {
    "points": _l("Points"),
    "combo": _l("Points and cash"),
    "range": _l("Choose your mix"),
    "cash": _l("Cash, with points off"),
}
#: Steps of a slider, the coarsest first; one is taken that leads to its end in this many moves at least.
_STEPS = (*(n * 10**zeros for zeros in range(12, 1, -1) for n in (5, 1)), 50, 20, 10, 5, 2)
_MOVES = 20


@dataclass(frozen=True, slots=True)
class Said:
    """A step in words, and what it comes to; `line` is the place of the line that it is about, None = all of them."""

    text: str
    amount: str
    line: int | None
    total: bool = False


def tier_name(code: str) -> str:
    """A tier's name; the code itself of one that the mall made up."""
    return str(TIER.get(code, code))


def tier_cut(code: str, discount: int) -> str:
    """What a tier's price is: "gold price −15%"; `discount` in basis points."""
    return str(gettext("%(tier)s price −%(share)s", tier=tier_name(code), share=share(discount)))


def share(basis_points: int) -> str:
    """Basis points as per cent."""
    return str(format_percent(basis_points / FULL, "#,##0.##%"))


def hundred(saves: Fraction) -> str:
    """What 100 points more save at a rate of `saves` minor units for one."""
    return str(gettext("Each 100 points more save %(cash)s.", cash=money(int(saves * 100))))


def moves(low: int, high: int) -> list[int]:
    """The numbers that a slider goes through: even steps from `low`, and `high` itself."""
    step = next((n for n in _STEPS if (high - low) // n >= _MOVES), 1)
    return [*range(low, high, step), high]


def steps(found: Sequence[Step], currency: str | None = None) -> list[Said]:
    """The steps in the order in which the price was made."""
    return [_said(step, currency) for step in found]


def _said(step: Step, currency: str | None) -> Said:
    value = step.values
    text, amount = "", ""
    if step.kind == "offer":
        text = {
            "points": gettext("Price of one, in points"),
            "combo": gettext("Price of one, in points and cash"),
            "range": gettext("One is worth this many points, or this much cash"),
            "cash": gettext("Price of one, in cash"),
        }[value["offer"]]
        amount = price(value["points"], value["cash"], currency)
        if value["offer"] == "range":
            amount = gettext(
                "%(points)s or %(cash)s",
                points=price(value["points"], 0),
                cash=money(value["cash"], currency),
            )
    elif step.kind == "mix":
        text = gettext("You give these points; cash stands for the others")
        amount = price(value["points"], value["cash"], currency)
    elif step.kind == "tier":
        text, amount = (
            tier_cut(value["tier"], value["share"]),
            price(value["points"], value["cash"], currency),
        )
    elif step.kind == "units":
        text = gettext("Times %(n)s", n=points(value["n"]))
        amount = price(value["points"], value["cash"], currency)
    elif step.kind == "points_off":
        text = ngettext(
            "%(n)s point as money off",
            "%(n)s points as money off",
            value["points"],
            n=points(value["points"]),
        )
        amount = "−" + money(value["worth"], currency)
    elif step.kind == "delivery":
        text = {
            "tier": gettext("Delivery: free for your tier"),
            "basket": gettext("Delivery: free for a basket like this"),
            "small": gettext("Delivery: given, as so little cannot be charged"),
        }.get(value["why"], gettext("Delivery"))
        amount = money(value["cash"], currency)
    else:
        text, amount = gettext("Due"), price(value["points"], value["cash"], currency)
    return Said(str(text), str(amount), step.line, step.kind == "due")
