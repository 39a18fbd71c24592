"""Lists and pages of items: what they show, filter, sort, and cost."""

from datetime import datetime, timedelta

import pytest

from mall.core.actor import SYSTEM
from mall.core.db import db, transaction
from mall.domain.items import listing, queries, service, stock
from mall.domain.items.models import Wish
from mall.domain.items.queries import CatalogFilter, StaffFilter
from mall.domain.items.service import Limits, Text
from mall.domain.items.ways import Mix
from mall.domain.members.models import Member
from mall.domain.tiers import service as ladder
from tests.items.test_stock import ORDER
from tests.support.items_factory import LONG_AGO, add_way, make_item

pytestmark = pytest.mark.usefixtures("app")


def slugs(at: datetime, **filters: object) -> list[str]:
    found = queries.cards(CatalogFilter(**filters), locale="en", at=at)  # type: ignore[arg-type]
    return [card.slug for card in found.cards]


def test_every_sort_and_filter(at: datetime) -> None:
    with transaction():
        a = make_item(slug="aa", points=300, value=1_000, category="audio", kind="goods", stock=9)
        make_item(
            slug="bb", points=100, value=100, category="books", kind="digital", at=LONG_AGO + timedelta(1)
        )
        make_item(
            slug="cc", points=200, value=None, category="audio", kind="service", at=LONG_AGO + timedelta(2)
        )
        stock.sell([(a.variant_id, 5)], ref=ORDER, actor=SYSTEM, at=at)
        assert listing.refresh_popularity() == 1
        assert listing.refresh_popularity() == 0
    assert slugs(at) == slugs(at, sort="newest") == slugs(at, sort="nonsense") == ["cc", "bb", "aa"]
    assert slugs(at, sort="points") == ["bb", "cc", "aa"]
    assert slugs(at, sort="-points") == ["aa", "cc", "bb"]
    assert slugs(at, sort="popular") == ["aa", "cc", "bb"]
    assert slugs(at, sort="value") == ["aa", "bb", "cc"]
    assert slugs(at, category="audio", sort="points") == ["cc", "aa"]
    assert slugs(at, kind="digital") == ["bb"]
    assert slugs(at, affordable_with=200, sort="points") == ["bb", "cc"]
    assert slugs(at, affordable_with=250, max=150) == ["bb"]
    assert slugs(at, min=150, max=250) == ["cc"]
    assert slugs(at, category="no-such") == slugs(at, kind="no-such") == []


def test_pages_and_totals(at: datetime) -> None:
    with transaction(), service.batched(at=at):
        for _ in range(5):
            make_item()
    pages = [queries.cards(CatalogFilter(), locale="en", at=at, page=n, per_page=2) for n in (1, 2, 3, 4)]
    assert [len(page.cards) for page in pages] == [2, 2, 1, 0]
    assert [page.has_next for page in pages] == [True, True, False, False]
    assert [page.total for page in pages] == [5, 5, 5, None]
    assert len({card.slug for page in pages for card in page.cards}) == 5


def test_a_card_is_in_the_readers_language_or_in_english(at: datetime) -> None:
    with transaction():
        make_item("Cup", texts={"zh-Hans": Text("茶杯", "好茶")}, stock=[2, None])
        make_item("Pot", stock=[0, 0])
    pot, cup = queries.cards(CatalogFilter(), locale="zh-Hans", at=at).cards
    assert (cup.name, cup.summary, cup.available, cup.sold_out) == ("茶杯", "好茶", None, False)
    assert (pot.name, pot.summary, pot.available, pot.sold_out) == ("Pot", "", 0, True)


def test_wishes_are_marked_for_their_member_alone(at: datetime, mei: Member, ben: Member) -> None:
    with transaction():
        made = make_item()
        db.session.add(Wish(member_id=mei.id, item_id=made.item_id, created_at=at))
    for member, wished in ((mei.id, True), (ben.id, False), (None, False)):
        assert queries.cards(CatalogFilter(), locale="en", at=at, member_id=member).cards[0].wished is wished
        page = queries.item_page(made.item.slug, locale="en", at=at, member_id=member)
        assert page is not None
        assert page.wished is wished


def test_a_read_has_the_same_few_statements_however_long_the_list(
    at: datetime, count_queries: list[str]
) -> None:
    with transaction(), service.batched(at=at):
        made = [make_item(stock=[1, 2, None]) for _ in range(30)]
    ids = [variant.id for one in made for variant in one.variants]
    for statements, read in (
        (1, lambda: queries.cards(CatalogFilter(), locale="zh-Hant", at=at, member_id=1)),
        (1, lambda: queries.item_page(made[0].item.slug, locale="zh-Hant", at=at, member_id=1)),
        (1, lambda: queries.priced_variants(ids, locale="zh-Hant", at=at)),
        (1, lambda: queries.variant_titles(ids)),
        (1, lambda: queries.categories("zh-Hans")),
        (1, lambda: queries.staff_items(StaffFilter(sort="stock"), locale="en", at=at)),
        (1, lambda: queries.stock_journal(ids[0])),
    ):
        count_queries.clear()
        assert read()
        assert len(count_queries) == statements


def test_an_item_page_has_all_that_is_shown(at: datetime) -> None:
    with transaction():
        made = make_item(
            "Cup",
            stock=[3, None],
            points=700,
            value=9_900,
            limits=Limits(per_order=2, ever=5),
            texts={"zh-Hant": Text("茶杯", "", "# 茶\n\n<script>alert(1)</script> **好**")},
        )
    page = queries.item_page(made.item.slug, locale="zh-Hant", at=at)
    assert page is not None
    assert (page.name, page.value, page.category.name, page.available, page.mix) == (
        "茶杯",
        9_900,
        "影音",
        None,
        Mix(700, 0),
    )
    assert "<h3>茶</h3>" in page.html
    assert "<script" not in page.html
    first, second = page.variants
    assert (first.options, first.available) == ("Kind: 1", 3)
    assert first.way is not None
    assert (first.way.limits.per_order, first.way.limits.ever) == (2, 5)
    assert (second.available, second.sold_out) == (None, False)


def test_drafts_have_no_page_but_a_preview(at: datetime) -> None:
    with transaction():
        made = make_item(live=False)
    assert queries.item_page(made.item.slug, locale="en", at=at) is None
    assert queries.item_page(made.item.slug, locale="en", at=at, drafts=True) is not None
    assert queries.item_page("no-such-item", locale="en", at=at) is None


def test_what_cannot_be_ordered_says_so(at: datetime) -> None:
    with transaction():
        live, retired, unused = make_item(), make_item(), make_item(stock=[1, 1])
        service.retire(retired.item_id, at=at)
        service.edit_variant(unused.variants[0].id, active=False, at=at)
    ids = [live.variant_id, retired.variant_id, unused.variant_id, unused.variants[1].id, 10**9]
    found = queries.priced_variants(ids, locale="en", at=at)
    assert [found[i].status for i in ids[:4]] == ["live", "retired", "retired", "live"]
    assert ids[4] not in found


def test_staff_see_everything_of_an_item(at: datetime) -> None:
    with transaction():
        made = make_item("Cup", stock=[3, 4], points=500, live=False, texts={"zh-Hans": Text("茶杯")})
        stock.sell([(made.variant_id, 2)], ref=ORDER, actor=SYSTEM, at=at)
    item = queries.staff_item(made.item_id, at=at)
    assert item is not None
    assert (item.status, item.name, item.texts["zh-Hans"].name) == ("draft", "Cup", "茶杯")
    assert [(v.available, v.sold, v.options) for v in item.variants] == [
        (1, 2, {"en": "Kind: 1"}),
        (4, 0, {"en": "Kind: 2"}),
    ]
    assert [offer.points for offer in item.offers] == [500]
    assert queries.staff_item(10**9, at=at) is None


def test_staffs_list_filters_and_sorts(at: datetime) -> None:
    with transaction():
        make_item("Aa", stock=9, points=50)
        make_item("Bb", stock=2, points=70)
        make_item("Cc", stock=None, points=60, live=False, category="books")

    def rows(**filters: object) -> list[str]:
        return [r.name for r in queries.staff_items(StaffFilter(**filters), locale="en", at=at).rows]  # type: ignore[arg-type]

    assert rows(sort="name") == ["Aa", "Bb", "Cc"]
    assert rows(sort="-stock") == ["Cc", "Aa", "Bb"]
    assert rows(sort="points") == ["Aa", "Bb", "Cc"]
    assert rows(low=True) == ["Bb"]
    assert rows(status="draft") == rows(category="books") == ["Cc"]
    assert rows(status="x") == []
    assert [r.points for r in queries.staff_items(StaffFilter(sort="name"), locale="en", at=at).rows] == [
        50,
        70,
        60,
    ]


def test_the_stock_journal_goes_back_page_by_page(at: datetime) -> None:
    with transaction():
        made = make_item(stock=9)
        for n in (1, 2, 3):
            stock.sell([(made.variant_id, n)], ref=ORDER, actor=SYSTEM, at=at)
    newest = queries.stock_journal(made.variant_id, limit=2)
    older = queries.stock_journal(made.variant_id, before=newest[-1].move_id, limit=2)
    assert [move.left for move in [*newest, *older]] == [3, 6, 8, 9]


def test_each_tier_sees_its_own_prices_in_one_statement(
    at: datetime, mei: Member, ben: Member, count_queries: list[str]
) -> None:
    with transaction():
        ladder.grant(mei.id, "gold", actor=SYSTEM, reason="", at=at)
        for name, kind, price in (
            ("Kettle", "combo", {"points": 800, "cash": 3_000}),
            ("Vase", "points", {"points": 500}),
            ("Print", "cash", {"cash": 2_000, "max_share": 5_000}),
        ):
            made = make_item(name, points=None, live=False)
            add_way(made.item_id, kind, tiers=["gold", "diamond"] if name == "Vase" else [], **price)
            service.publish(made.item_id, at=at)

    def shown(member: Member | None, **filters: object) -> list[tuple[str, int, int, str | None]]:
        member_id = member.id if member else None
        count_queries.clear()
        page = queries.cards(
            CatalogFilter(sort="points", **filters),  # type: ignore[arg-type]
            locale="en", at=at, member_id=member_id,
        )  # fmt: skip
        assert len(count_queries) == 1
        return [(card.name, card.points, card.cash, card.gate) for card in page.cards]

    assert shown(mei) == [("Vase", 500, 0, None), ("Kettle", 800, 2_550, None), ("Print", 0, 1_700, None)]
    assert shown(ben) == [("Vase", 500, 0, "gold"), ("Kettle", 800, 2_850, None), ("Print", 0, 1_900, None)]
    assert shown(None) == shown(ben)
    assert [row[0] for row in shown(ben, affordable_with=900)] == ["Kettle"]
    assert [row[0] for row in shown(mei, affordable_with=900)] == ["Vase", "Kettle"]
    assert [row[0] for row in shown(ben, tier="basic")] == ["Kettle", "Print"]
    assert [row[0] for row in shown(ben, tier="gold", max=900)] == ["Vase", "Kettle"]


def test_the_page_tells_what_other_tiers_can_have(at: datetime, mei: Member, ben: Member) -> None:
    with transaction():
        ladder.grant(mei.id, "gold", actor=SYSTEM, reason="", at=at)
        vase = make_item("Vase", points=900)
        add_way(vase.item_id, "points", points=500, tiers=["gold", "diamond"], position=1)
        add_way(vase.item_id, "combo", points=300, cash=1_000, position=2)
    for member, open_, gated in ((ben, [900, 300], [("gold", 500)]), (mei, [900, 500, 300], [])):
        page = queries.item_page(vase.item.slug, locale="en", at=at, member_id=member.id)
        assert page is not None
        (row,) = page.variants
        assert [way.price.points for way in row.ways] == open_
        assert [(other.tier, other.way.price.points) for other in row.gated] == gated
        assert row.mix == Mix(min(open_[:2] if gated == [] else open_[:1]), 0)
