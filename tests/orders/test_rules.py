"""The pure rules: states go only where the table says; what a basket says about its lines."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.cli.orders import documented
from mall.core.db import db
from mall.domain.orders import rules
from mall.domain.orders.words import DERIVED, WORDS, Money, back, tags

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("machine", rules.TRANSITIONS)
def test_a_state_changes_only_as_the_table_says(machine: str) -> None:
    for before in rules.states(machine):
        for after in rules.states(machine):
            if after in rules.TRANSITIONS[machine][before]:
                assert rules.move(machine, before, after) == after
                assert before in rules.before(machine, after)
            else:
                with pytest.raises(rules.IllegalMove):
                    rules.move(machine, before, after)
    with pytest.raises(rules.IllegalMove):
        rules.move(machine, "nowhere", next(iter(rules.states(machine))))


@pytest.mark.parametrize("machine", rules.TRANSITIONS)
def test_every_state_can_be_reached_and_leads_to_an_end(machine: str) -> None:
    table = rules.TRANSITIONS[machine]
    first = rules.states(machine)[0]
    reached, todo = {first}, [first]
    while todo:
        for after in table[todo.pop()] - reached:
            reached.add(after)
            todo.append(after)
    assert reached == set(table)
    for state in table:
        seen, todo = {state}, [state]
        while todo:
            for after in table[todo.pop()] - seen:
                seen.add(after)
                todo.append(after)
        assert any(not table[end] for end in seen), f"{state} never ends"


def test_the_documented_diagrams_are_those_of_the_code() -> None:
    page = (ROOT / "docs" / "orders.md").read_text(encoding="utf-8")
    assert page.split("<!-- states -->\n")[1] == documented(), "run `mall orders states`"


def test_the_database_knows_the_same_states(app: Flask) -> None:
    for table, machine in (("orders", "order"), ("order_line", "line")):
        checks = sa.inspect(db.session.connection()).get_check_constraints(table)
        text = next(str(c["sqltext"]) for c in checks if c["name"] == f"ck_{table}_state")
        assert {state for state in rules.states(machine) if f"'{state}'" in text} == set(
            rules.states(machine)
        )


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        ({"price": None}, "gone"),
        ({"available": 0}, "sold_out"),
        ({"available": 1}, "left"),
        ({"limit_per_order": 1}, "limit"),
        ({"ended": True, "price": (90, 0)}, "ended"),
        ({"price": (90, 0)}, "fell"),
        ({"price": (90, 10)}, "fell"),
        ({"price": (110, 10)}, "rose"),
        ({"price": (90, 30)}, "rose"),
        ({}, None),
    ],
)
def test_a_basket_line_says_the_gravest_thing(found: dict[str, Any], kind: str | None) -> None:
    usual = {"price": (100, 10), "available": None, "limit_per_order": None}
    problem = rules.problem(**{**usual, **found}, quantity=2, seen=(100, 10))
    assert (problem.kind if problem else None) == kind
    assert (problem is not None and problem.blocks) == (kind in ("gone", "sold_out", "left", "limit"))


def test_words_are_derived_and_known_for_every_state() -> None:
    assert set(rules.states("order")) <= set(WORDS)
    assert tags("paid", units=3, sent=2, shipped=1, cancelled=0) == ("part_shipped",)
    assert tags("paid", units=3, sent=2, shipped=2, cancelled=1) == ("shipped",)
    assert tags("paid", units=3, sent=0, shipped=0, cancelled=1) == ("paid",)
    assert tags("completed", units=3, sent=3, shipped=3, cancelled=0) == ("completed",)


def test_what_needs_no_parcel_is_not_called_shipped() -> None:
    assert tags("paid", units=3, sent=1, shipped=0, cancelled=0) == ("part_fulfilled",)
    assert tags("paid", units=3, sent=2, shipped=0, cancelled=1) == ("fulfilled",)


@pytest.mark.parametrize(
    ("state", "money", "expected"),
    [
        ("paid", Money(), "paid"),
        ("paid", Money("sent"), "paid refunding"),
        ("paid", Money("sent", back="part"), "paid refunding"),
        ("paid", Money(back="part"), "paid part_refunded"),
        ("cancelled", Money("requested", back="whole"), "cancelled refunding"),
        ("completed", Money("failed", back="part"), "completed refund_failed"),
        ("completed", Money("failed", disputed=True), "completed disputed"),
        ("paid", Money(lost=True, back="part"), "paid charged_back"),
        ("completed", Money(back="part"), "completed part_refunded"),
        ("completed", Money(back="whole"), "refunded"),
        ("cancelled", Money(back="whole"), "cancelled"),
        ("unknown", Money(), "unknown"),
    ],
)
def test_what_became_of_the_money_stands_beside_the_state(state: str, money: Money, expected: str) -> None:
    assert tags(state, units=2, sent=0, shipped=0, cancelled=0, money=money) == tuple(expected.split())
    assert set(DERIVED) <= set(WORDS)


def test_parcels_and_money_are_told_together() -> None:
    given = Money(back="part")
    assert tags("paid", units=3, sent=1, shipped=1, cancelled=1, money=given) == (
        "part_shipped",
        "part_refunded",
    )


def test_how_much_came_back() -> None:
    assert back(100, 0, 300, 0) == ""
    assert back(100, 50, 300, 0) == "part"
    assert back(100, 100, 300, 299) == "part"
    assert back(100, 100, 300, 300) == "whole"
