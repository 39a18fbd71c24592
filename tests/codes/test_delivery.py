"""What delivery costs: the rate that fits, what waives it, and that paying differently never makes it dearer."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mall.domain.orders.delivery import Fee, Method, Rate, fee, rate_for
from mall.domain.orders.errors import NotDelivered
from mall.domain.orders.regions import Place, parse_place, place

STANDARD, PICKUP = Method("standard", "standard"), Method("pickup", "pickup")
RATES = (
    Rate(1, "standard", (), 6000),
    Rate(2, "standard", (Place("CN"),), 800, 9900),
    Rate(3, "standard", (place("CN", "Tibet"), place("CN", "Xinjiang")), 2500, 39900),
    Rate(4, "standard", (Place("TW"), Place("HK")), 2000),
    Rate(5, "same_day", (place("CN", "Shanghai"),), 2500),
)


def to(country: str, region: str = "") -> dict[str, str]:
    return {"country": country, "region": region}


def cost(address: Mapping[str, str] | None, value: int = 0, *free: str, method: Method = STANDARD) -> Fee:
    return fee(method, address, value=value, free_kinds=free, rates=RATES)


@pytest.mark.parametrize(
    ("country", "region", "amount"),
    [
        ("CN", "Shanghai", 800),
        ("CN", "上海市", 800),
        ("CN", "", 800),
        ("CN", "西藏自治区", 2500),
        ("CN", "Xinjiang Uygur Autonomous Region", 2500),
        ("CN", "新疆維吾爾自治區", 2500),
        ("HK", "Kowloon", 2000),
        ("TW", "Tibet", 2000),
        ("DE", "Bayern", 6000),
    ],
)
def test_the_province_comes_before_the_country_and_the_country_before_the_world(
    country: str, region: str, amount: int
) -> None:
    assert cost(to(country, region)).amount == amount


def test_why_it_costs_that() -> None:
    assert cost(to("CN")) == Fee(800, "rate", 800, 9900, 9900, 2)
    assert cost(to("CN"), 9899) == Fee(800, "rate", 800, 9900, 1, 2)
    assert cost(to("CN"), 9900) == Fee(0, "basket", 800, 9900, 0, 2)
    assert cost(to("CN"), 0, "standard") == Fee(0, "tier", 800, 9900, 0, 2)
    assert cost(to("DE"), 10**9) == Fee(6000, "rate", 6000, None, 0, 1)
    assert cost(None, method=PICKUP) == Fee(0, "none")


def test_a_tiers_benefit_is_of_its_own_kinds() -> None:
    assert cost(to("CN"), 0, "priority").amount == 800


def test_a_method_goes_only_where_it_has_a_rate() -> None:
    same_day = Method("same_day", "same_day")
    assert cost(to("CN", "Shanghai"), method=same_day).amount == 2500
    for away in (to("CN", "Beijing"), to("CN"), to("US", "Shanghai"), None, {}):
        with pytest.raises(NotDelivered):
            cost(away, method=same_day)


def test_pick_up_may_cost_something_and_needs_no_address() -> None:
    rates = (Rate(9, "pickup", (), 300),)
    assert fee(PICKUP, None, value=0, free_kinds=(), rates=rates).amount == 300


def test_a_method_without_rates_costs_nothing_anywhere() -> None:
    assert cost(to("US"), method=Method("priority", "priority")) == Fee(0, "none")
    assert cost(None, method=Method("none", "none")) == Fee(0, "none")


@pytest.mark.parametrize(
    "text", ["", "C", "CHN", "C1", "CN/", "/Shanghai", "中国", "CN\n", "CN/" + "x" * 61, "' OR 1"]
)
def test_what_is_no_place(text: str) -> None:
    found = parse_place(text)
    assert found is None or (text == "CN\n" and found == Place("CN"))


@pytest.mark.parametrize(
    ("one", "other"), [("Shanxi", "Shaanxi"), ("山西", "陕西"), ("河南", "海南"), ("Hubei", "Hebei")]
)
def test_provinces_that_look_alike_are_two(one: str, other: str) -> None:
    assert place("CN", one) != place("CN", other)


_countries = st.sampled_from(["CN", "TW", "HK", "DE", "US"])
_regions = st.sampled_from(["", "Shanghai", "上海市", "Tibet", "西藏", "Bayern"])
_places = st.builds(place, _countries, _regions)
_rates = st.lists(
    st.builds(
        Rate,
        st.integers(1, 10**6),
        st.sampled_from(["standard", "priority"]),
        st.lists(_places, max_size=3).map(tuple),
        st.integers(0, 10**6),
        st.none() | st.integers(1, 10**6),
    ),
    max_size=6,
    unique_by=lambda rate: rate.id,
)
_values = st.integers(0, 2 * 10**6)


@given(_rates, _countries, _regions, _values, _values)
def test_a_dearer_basket_never_costs_more_to_send(
    rates: list[Rate], country: str, region: str, one: int, other: int
) -> None:
    low, high = sorted((one, other))
    try:
        cheap = fee(STANDARD, to(country, region), value=low, free_kinds=(), rates=rates)
    except NotDelivered:
        with pytest.raises(NotDelivered):
            fee(STANDARD, to(country, region), value=high, free_kinds=(), rates=rates)
        return
    dear = fee(STANDARD, to(country, region), value=high, free_kinds=(), rates=rates)
    assert 0 <= dear.amount <= cheap.amount <= cheap.full
    if cheap.missing:
        reached = fee(STANDARD, to(country, region), value=low + cheap.missing, free_kinds=(), rates=rates)
        assert (reached.amount, reached.why) == (0, "basket")
        almost = low + cheap.missing - 1
        assert (
            fee(STANDARD, to(country, region), value=almost, free_kinds=(), rates=rates).amount == cheap.full
        )


@given(_rates, _countries, _regions, _values)
def test_a_benefit_never_makes_it_dearer(rates: list[Rate], country: str, region: str, value: int) -> None:
    address = to(country, region)
    try:
        plain = fee(STANDARD, address, value=value, free_kinds=(), rates=rates)
    except NotDelivered:
        return
    gold = fee(STANDARD, address, value=value, free_kinds=("standard",), rates=rates)
    assert gold.amount == 0 <= plain.amount


@given(_rates, _countries, _regions)
def test_the_order_of_the_rates_does_not_matter(rates: list[Rate], country: str, region: str) -> None:
    def chosen(some: list[Rate]) -> Rate | str | None:
        try:
            return rate_for(STANDARD, to(country, region), some)
        except NotDelivered:
            return "nowhere"

    assert chosen(rates) == chosen(rates[::-1])


@given(_rates, _countries, _regions)
def test_no_rate_fits_better_than_the_one_chosen(rates: list[Rate], country: str, region: str) -> None:
    try:
        found = rate_for(STANDARD, to(country, region), rates)
    except NotDelivered:
        assert not any(not rate.places for rate in rates if rate.method == "standard")
        return
    here = place(country, region)
    if found is not None and here not in found.places:
        assert not any(here in rate.places for rate in rates if rate.method == "standard" and here.province)
