"""The arithmetic of refunds: whatever the parts and their order, they add up to the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mall.domain.orders.refunding import rules
from mall.domain.orders.refunding.rules import LineFacts, Units

totals = st.integers(0, 10**12)


@given(totals, st.lists(st.integers(1, 9), min_size=1, max_size=12))
def test_shares_add_up_to_the_whole(total: int, parts: list[int]) -> None:
    units, before, given_back = sum(parts), 0, 0
    for n in parts:
        found = rules.share(total, units, before, n)
        assert 0 <= found <= total
        given_back, before = given_back + found, before + n
        assert given_back <= total * before // units  # never more than the units' share
    assert given_back == total


@given(st.integers(0, 10**6), st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_what_was_earned_is_taken_back_exactly_once(earned: int, amounts: list[int]) -> None:
    base, before, taken = sum(amounts), 0, 0
    for amount in amounts:
        taken += rules.clawback(earned, base, before=before, now=amount)
        before += amount
    assert taken == earned


@pytest.mark.parametrize(("units", "before", "now"), [(3, 2, 2), (3, -1, 1), (0, 0, 0), (3, 0, -1)])
def test_no_share_of_more_than_there_is(units: int, before: int, now: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        rules.share(100, units, before, now)


def line(id: int, *, kind: str = "goods", quantity: int = 2, sent: int = 0, cancelled: int = 0) -> LineFacts:
    return LineFacts(id, id, id, kind, quantity, sent, cancelled, 0, 100, 1_000)


def fee_back(lines: list[LineFacts], *asked: Units) -> int:
    found = rules.parts(lines, asked, restock=False)
    assert found is not None
    return rules.delivery_back(lines, found, fee=500, given=0)


def test_the_delivery_fee_goes_back_only_with_the_whole_order_before_shipping() -> None:
    assert fee_back([line(1), line(2)], Units(1, 2), Units(2, 2)) == 500
    assert fee_back([line(1), line(2)], Units(1, 2), Units(2, 1)) == 0
    assert fee_back([line(1), line(2, cancelled=2)], Units(1, 2)) == 500
    assert fee_back([line(1, sent=1), line(2)], Units(1, 1, 1), Units(2, 2)) == 0
    assert fee_back([line(1), line(2, kind="digital", sent=2)], Units(1, 2), Units(2, 0, 2)) == 500


def test_codes_and_services_never_go_back_to_the_shelf_once_they_were_given() -> None:
    lines = [line(1, sent=2), line(2, kind="digital", sent=2), line(3, kind="service")]
    found = rules.parts(lines, [Units(1, 0, 2), Units(2, 0, 1), Units(3, 2)], restock=True)
    assert found is not None
    assert [part.restocked for part in found] == [2, 0, 2]


@pytest.mark.parametrize(
    "asked", [[], [Units(9, 1)], [Units(1, 1), Units(1, 1)], [Units(1, 3)], [Units(1, 0, 1)]]
)
def test_what_cannot_be_refunded_has_no_parts(asked: list[Units]) -> None:
    assert rules.parts([line(1)], asked, restock=True) is None
