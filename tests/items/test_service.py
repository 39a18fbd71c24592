"""Filling the shop: items, variants, categories; what may be shown; texts that cannot do harm."""

from datetime import datetime, timedelta

import html5lib
import pytest
import sqlalchemy as sa

from mall.core.actor import SYSTEM
from mall.core.db import WriteOutsideTransaction, db, transaction
from mall.core.errors import BadValue
from mall.domain.items import errors, queries, service
from mall.domain.items.models import Item
from mall.domain.items.queries import CatalogFilter
from mall.domain.items.service import Text
from mall.domain.items.texts import render
from tests.support.items_factory import make_category, make_item

pytestmark = pytest.mark.usefixtures("app")


def test_an_item_is_a_draft_until_it_is_published(at: datetime) -> None:
    with transaction():
        made = make_item(live=False)
    assert queries.cards(CatalogFilter(), locale="en", at=at).cards == []
    with transaction():
        service.publish(made.item_id, at=at)
    assert [c.published_at for c in queries.cards(CatalogFilter(), locale="en", at=at).cards] == [at]
    with transaction():
        service.withdraw(made.item_id, at=at)
        service.publish(made.item_id, at=at + timedelta(days=1))
    assert [c.published_at for c in queries.cards(CatalogFilter(), locale="en", at=at).cards] == [at]


def test_what_cannot_be_redeemed_is_not_published(at: datetime) -> None:
    with transaction():
        priced = make_item(live=False, stock=[])
        with pytest.raises(errors.NeedsVariant):
            service.publish(priced.item_id, at=at)
        free = make_item(live=False, points=None)
        with pytest.raises(errors.NeedsPrice):
            service.publish(free.item_id, at=at)


def test_a_live_item_keeps_a_variant_in_use(at: datetime) -> None:
    with transaction():
        made = make_item(stock=[1, 2])
        service.edit_variant(made.variants[0].id, active=False, at=at)
        with pytest.raises(errors.NeedsVariant):
            service.edit_variant(made.variants[1].id, active=False, at=at)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"slug": "tea-cup"}, errors.AlreadyTaken),
        ({"slug": "Tea cup"}, errors.BadSlug),
        ({"kind": "thing"}, BadValue),
        ({"value": -1}, BadValue),
        ({"texts": {"en": Text("")}}, errors.NeedsName),
        ({"texts": {"fr": Text("Tasse")}}, BadValue),
        ({"texts": {"en": Text("x" * 121)}}, errors.TooLong),
        ({"texts": {"en": Text("x", "x" * 301)}}, errors.TooLong),
    ],
)
def test_edits_that_are_refused(at: datetime, change: dict[str, object], refusal: type[Exception]) -> None:
    with transaction():
        make_item(slug="tea-cup")
        other = make_item()
    with pytest.raises(refusal), transaction():
        service.edit_item(other.item_id, at=at, **change)  # type: ignore[arg-type]


def test_an_edit_changes_what_is_given_and_counts(at: datetime) -> None:
    with transaction():
        made = make_item("Cup", value=500, texts={"zh-Hans": Text("茶杯", "好")})
    version = made.item.version
    with transaction():
        shelf = make_category("books").id
        service.edit_item(
            made.item_id, slug="mug", category_id=shelf, texts={"zh-Hans": Text("")}, no_value=True, at=at
        )
    item = db.session.get_one(Item, made.item_id)
    assert (item.slug, item.category_id, item.value, item.version) == ("mug", shelf, None, version + 1)
    assert set(item.texts) == {"en"}
    assert queries.item_page("mug", locale="zh-Hans", at=at) is not None


def test_skus_are_unique_in_the_whole_shop(at: datetime) -> None:
    with transaction():
        first, second = make_item(sku="CUP-1"), make_item()
        for call in (
            lambda: service.add_variant(second.item_id, sku="CUP-1", actor=SYSTEM, at=at),
            lambda: service.edit_variant(second.variant_id, sku="CUP-1", at=at),
        ):
            with pytest.raises(errors.AlreadyTaken):
                call()
        with pytest.raises(errors.BadSku):
            service.add_variant(first.item_id, sku="=1+1", actor=SYSTEM, at=at)


def test_limits_are_at_least_one(at: datetime) -> None:
    with transaction():
        made = make_item()
        with pytest.raises(BadValue):
            service.edit_offer(made.offer_id, limits=service.Limits(per_order=0), at=at)
        service.edit_offer(made.offer_id, limits=service.Limits(per_day=3), at=at)
    priced = queries.priced_variants([made.variant_id], locale="en", at=at)[made.variant_id]
    assert priced.way is not None
    assert (priced.way.limits.per_order, priced.way.limits.per_day) == (None, 3)


def test_nothing_is_written_outside_a_transaction(at: datetime) -> None:
    with pytest.raises(WriteOutsideTransaction):
        make_item()
    db.session.rollback()


def test_a_refused_change_leaves_nothing_behind(at: datetime) -> None:
    with transaction():
        make_item(slug="taken")

    def attempt() -> None:
        with transaction():
            make_item("Ghost")
            make_item(slug="taken")

    with pytest.raises(errors.AlreadyTaken):
        attempt()
    assert queries.cards(CatalogFilter(q="ghost"), locale="en", at=at).cards == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Item)) == 1


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**Warm**, *soft*", "<p><strong>Warm</strong>, <em>soft</em></p>"),
        ("# Big", "<h3>Big</h3>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("![spy](https://example.com/x.png)", "<p></p>"),
        (
            "[site](https://example.com)",
            '<p><a href="https://example.com" rel="nofollow noopener noreferrer">site</a></p>',
        ),
    ],
)
def test_markdown(markdown: str, html: str) -> None:
    assert render(markdown) == html


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<a href="https://example.com" onclick="alert(1)">x</a>',
        "<img src=x onerror=alert(1)>",
        '<p style="position:fixed">x</p>',
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<iframe src=//example.com></iframe>",
        "```\n</code><script>1</script>\n```",
    ],
)
def test_markdown_that_would_do_harm(markdown: str) -> None:
    for element in html5lib.parseFragment(render(markdown), namespaceHTMLElements=False).iter():
        assert element.tag in {"DOCUMENT_FRAGMENT", "p", "pre", "code", "a"}
        assert set(element.attrib) <= {"href", "rel"}
        assert element.get("href", "https:").startswith("https:")
