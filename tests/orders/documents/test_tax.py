"""The tax that prices include: exact to the minor unit, and given back exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mall.domain.orders.documents import rules
from mall.domain.orders.documents.rules import Rate, Taxed

KINDS = ("goods", "service", "digital", "delivery")
amounts = st.lists(st.builds(Taxed, st.sampled_from(KINDS), st.integers(0, 10**9)), min_size=1, max_size=8)
rates = st.dictionaries(
    st.sampled_from(KINDS), st.builds(Rate, st.sampled_from([0, 1, 500, 600, 900, 1_300, 2_500]), st.just({}))
)


@pytest.mark.parametrize(
    ("gross", "rate", "tax"),
    [(113, 1_300, 13), (1_001, 1_300, 115), (0, 1_300, 0), (100, 0, 0), (1, 9_999, 0)],
)
def test_the_tax_in_a_price(gross: int, rate: int, tax: int) -> None:
    assert rules.tax_in(gross, rate) == tax


@given(st.integers(0, 10**12), st.integers(0, 9_999))
def test_the_tax_is_rounded_half_up_from_the_exact_share(gross: int, rate: int) -> None:
    tax = rules.tax_in(gross, rate)
    assert 0 <= tax <= gross
    assert 2 * abs(tax * (10_000 + rate) - gross * rate) <= 10_000 + rate


@given(amounts, rates)
def test_each_rate_stands_once_and_nothing_is_lost(lines: list[Taxed], known: dict[str, Rate]) -> None:
    found = rules.taxes(lines, known)
    assert len({tax.rate for tax in found}) == len(found)
    assert all(tax.net + tax.tax == tax.gross for tax in found)
    assert sum(tax.gross for tax in found) == sum(line.gross for line in lines if line.kind in known)


@given(st.lists(amounts, min_size=1, max_size=6), rates)
def test_credit_notes_give_back_exactly_the_tax_of_the_receipt(
    notes: list[list[Taxed]], known: dict[str, Rate]
) -> None:
    receipt = {tax.rate: tax for tax in rules.taxes([line for note in notes for line in note], known)}
    before: dict[int, int] = {}
    taxed: dict[int, int] = {}
    for note in notes:
        for tax in rules.credited(note, known, before=before):
            taxed[tax.rate] = taxed.get(tax.rate, 0) + tax.tax
            before[tax.rate] = before.get(tax.rate, 0) + tax.gross
    assert before == {rate: tax.gross for rate, tax in receipt.items()}
    assert taxed == {rate: tax.tax for rate, tax in receipt.items()}


def test_the_number_that_people_read() -> None:
    assert rules.number("receipt", 2026, 1) == "RC-2026-000001"
    assert rules.number("credit_note", 2027, 1_234_567) == "CN-2027-1234567"
