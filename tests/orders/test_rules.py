"""The pure rules: prices add up, splitting never gains, states go only where the table says."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from mall.cli.orders import documented
from mall.core.db import db
from mall.domain.orders import rules
from mall.domain.orders.words import DERIVED, WORDS, Money, back, word

ROOT = Path(__file__).resolve().parent.parent.parent

wanted = st.builds(
    rules.Wanted,
    points_each=st.integers(0, 10**10),
    quantity=st.integers(1, rules.MAX_QUANTITY),
    cash_each=st.integers(0, 10**10),
)


@given(st.lists(wanted, max_size=rules.MAX_LINES))
def test_the_whole_is_the_sum_of_its_lines_and_never_negative(lines: list[rules.Wanted]) -> None:
    priced = rules.price(lines)
    assert priced.points == sum(points for points, _ in priced.lines) >= 0
    assert priced.cash == sum(cash for _, cash in priced.lines) >= 0
    assert len(priced.lines) == len(lines)


@given(st.lists(wanted, min_size=1, max_size=10), st.data())
def test_splitting_an_order_never_gains(lines: list[rules.Wanted], data: st.DataObject) -> None:
    parts: list[list[rules.Wanted]] = [[], []]
    for line in lines:
        first = data.draw(st.integers(0, line.quantity))
        for part, quantity in zip(parts, (first, line.quantity - first), strict=True):
            if quantity:
                part.append(rules.Wanted(line.points_each, quantity, line.cash_each))
    whole, split = rules.price(lines), [rules.price(part) for part in parts]
    assert sum(part.points for part in split) == whole.points
    assert sum(part.cash for part in split) == whole.cash


@given(wanted, st.integers(1, 5))
def test_more_units_never_cost_less(line: rules.Wanted, more: int) -> None:
    if line.quantity + more <= rules.MAX_QUANTITY:
        larger = rules.Wanted(line.points_each, line.quantity + more, line.cash_each)
        assert rules.price([larger]).points >= rules.price([line]).points


@pytest.mark.parametrize(
    "bad",
    [
        rules.Wanted(-1, 1),
        rules.Wanted(1, 0),
        rules.Wanted(1, -1),
        rules.Wanted(1, rules.MAX_QUANTITY + 1),
        rules.Wanted(1, 1, -1),
    ],
)
def test_what_no_form_sends_has_no_price(bad: rules.Wanted) -> None:
    with pytest.raises(ValueError, match="cannot price"):
        rules.price([bad])


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
        ({"points": None}, "gone"),
        ({"available": 0}, "sold_out"),
        ({"available": 1}, "left"),
        ({"limit_per_order": 1}, "limit"),
        ({"points": 90}, "fell"),
        ({"points": 110}, "rose"),
        ({}, None),
    ],
)
def test_a_basket_line_says_the_gravest_thing(found: dict[str, int | None], kind: str | None) -> None:
    usual: dict[str, int | None] = {"points": 100, "available": None, "limit_per_order": None}
    problem = rules.problem(**{**usual, **found}, quantity=2, points_seen=100)  # type: ignore[arg-type]
    assert (problem.kind if problem else None) == kind
    assert (problem is not None and problem.blocks) == (kind in ("gone", "sold_out", "left", "limit"))


def test_words_are_derived_and_known_for_every_state() -> None:
    assert set(rules.states("order")) <= set(WORDS)
    assert word("paid", units=3, sent=1, cancelled=0) == "part_shipped"
    assert word("paid", units=3, sent=0, cancelled=1) == "paid"
    assert word("completed", units=3, sent=3, cancelled=0) == "completed"


@pytest.mark.parametrize(
    ("state", "money", "expected"),
    [
        ("paid", Money(), "paid"),
        ("paid", Money("sent"), "refunding"),
        ("cancelled", Money("requested"), "refunding"),
        ("completed", Money("failed", back="part"), "refund_failed"),
        ("completed", Money("failed", disputed=True), "disputed"),
        ("completed", Money(back="part"), "part_refunded"),
        ("completed", Money(back="whole"), "refunded"),
        ("cancelled", Money(back="whole"), "cancelled"),
        ("unknown", Money(), "unknown"),
    ],
)
def test_what_became_of_the_cash_comes_first(state: str, money: Money, expected: str) -> None:
    assert word(state, units=2, sent=0, cancelled=0, money=money) == expected
    assert set(DERIVED) <= set(WORDS)


def test_how_much_came_back() -> None:
    assert back(100, 0, 300, 0) == ""
    assert back(100, 50, 300, 0) == "part"
    assert back(100, 100, 300, 299) == "part"
    assert back(100, 100, 300, 300) == "whole"
