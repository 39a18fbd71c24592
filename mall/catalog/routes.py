"""The pages of the catalogue: the window, the list, one item. Each reads, words what it read, and renders."""

from collections.abc import Sequence
from contextlib import nullcontext

from flask import Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mall.catalog import cards, forms
from mall.catalog.blueprint import bp
from mall.catalog.browsing import browse_view
from mall.catalog.categories import categories
from mall.catalog.forms import PATH, Asked
from mall.catalog.freshness import fresh
from mall.catalog.home import home_view
from mall.catalog.items import item_view
from mall.catalog.paying import wanted
from mall.core import clock
from mall.core.errors import NotFound
from mall.domain.items import queries
from mall.domain.items.queries import CatalogFilter, ItemPage
from mall.domain.items.queries.shelves import Shelf, shelves
from mall.web.access import me
from mall.web.context import header
from mall.web.languages import locale_tag
from mall.web.limits import SEARCH
from mall.web.render import is_htmx, page

PER_PAGE = 24
#: Cards shown where a list is empty, and beside an item.
NEAR, RELATED = 8, 4


@bp.get("/")
def home() -> ResponseReturnValue:
    """The window."""
    locale = locale_tag()
    member = (me().id, me().name) if current_user.is_authenticated else None
    view = home_view(
        member=member, top=header(), shown=categories(locale), locale=locale, at=clock.now(), canonical=base_url() + "/"
    )  # fmt: skip
    return fresh(lambda: page("catalog/home.html", view=view), view.told)


@bp.get(PATH)
def browse() -> ResponseReturnValue:
    """The list and its filters: a page, or for htmx the part of it that changes."""
    asked = forms.read(request.args)
    if not is_htmx() and not asked.bad and "" in request.args.values():
        return redirect(
            asked.url()
        )  # a plain form sends its empty fields, too: make the address one to share
    with SEARCH if asked.q else nullcontext():
        response = _browse(asked)
    if is_htmx():
        response.headers["HX-Push-Url"] = asked.url()
    return response


def _browse(asked: Asked) -> Response:
    locale, at, balance = locale_tag(), clock.now(), header().balance
    member_id = me().id if balance is not None else None
    shelf_rows = categories(locale)
    asked = asked.within(row.slug for row in shelf_rows)
    filters = CatalogFilter(
        q=asked.q, category=asked.category or None, kind=asked.kind or None,
        affordable_with=balance if asked.affordable else None, min=asked.min, max=asked.max, tier=asked.tier or None,
        sort=asked.sort,
    )  # fmt: skip
    shown = queries.cards(
        filters, locale=locale, at=at, page=asked.page, per_page=PER_PAGE, member_id=member_id
    )
    near: list[queries.Card] = []
    if not shown.cards and not asked.q and asked.page == 1:
        beside, anywhere = shelves(
            near_shelves(asked, shelf_rows), locale=locale, at=at, member_id=member_id
        ).lists
        near = beside or anywhere
    focus = is_htmx() and "#chip-" in request.headers.get("HX-Source", "")
    told = (
        focus,
        shown.page,
        shown.has_next,
        shown.total,
        shown.corrected,
        *map(cards.tell, [*shown.cards, *near]),
        *shelf_rows,
    )

    def render() -> Response:
        view = browse_view(asked, shown, near, shelf_rows, balance, per_page=PER_PAGE, base_url=base_url())
        view.part, view.focus = is_htmx(), focus
        return page("catalog/browse.html", fragment="catalog/_browse.html", view=view)

    return fresh(render, told)


def near_shelves(asked: Asked, rows: Sequence[queries.CategoryRow]) -> list[Shelf]:
    """What comes nearest to filters that nothing fits: the cheapest of the same category, and of the whole mall."""
    category = next((row.id for row in rows if row.slug == asked.category), None)
    return [Shelf("points", NEAR, category_id=category), Shelf("points", NEAR)]


@bp.get(f"{PATH}/<slug>")
def item(slug: str) -> ResponseReturnValue:
    """One item; an item that was retired says so and shows what is near to it."""
    locale, at, balance = locale_tag(), clock.now(), header().balance
    member_id = me().id if balance is not None else None
    found = queries.item_page(slug, locale=locale, at=at, member_id=member_id, drafts=True)
    if found is None or found.status == "draft":
        raise NotFound
    shelf = Shelf("popular", RELATED * 2, category_id=found.category.id, without=found.item_id)
    related = shelves([shelf], locale=locale, at=at, member_id=member_id).lists[0][:RELATED]
    if found.status == "retired":
        return _gone(found, related, balance)

    def render() -> Response:
        sign_in = url_for("account.sign_in", next=f"{PATH}/{slug}")
        asked = wanted(request.args)
        view = item_view(found, related, balance, asked, base_url=base_url(), sign_in=sign_in)
        return page("catalog/item.html", view=view)

    return fresh(render, (found, *map(cards.tell, related)), form=True)


@bp.post(f"{PATH}/<slug>")
def look(slug: str) -> ResponseReturnValue:
    """What a choice on the item's page comes to: the part of the page that says so, or the page with that choice."""
    asked = wanted(request.form)
    if not is_htmx():
        url = url_for(
            ".item",
            slug=slug,
            variant_id=asked.variant_id,
            offer=asked.offer_id,
            points_each=asked.typed,
            quantity=asked.quantity,
            _anchor="pay",
        )
        return redirect(url, 303)
    locale, at, balance = locale_tag(), clock.now(), header().balance
    member_id = me().id if balance is not None else None
    found = queries.item_page(slug, locale=locale, at=at, member_id=member_id)
    if found is None:
        raise NotFound
    sign_in = url_for("account.sign_in", next=f"{PATH}/{slug}")
    view = item_view(found, [], balance, asked, base_url=base_url(), sign_in=sign_in)
    return page("catalog/_pay.html", view=view)


def _gone(found: ItemPage, related: list[queries.Card], balance: int | None) -> Response:
    url = Asked(category=found.category.slug).url()
    return page(
        "catalog/gone.html", status=410, name=found.name, category=found.category.name, category_url=url,
        related=cards.show(related, balance), hearts="guest" if balance is None else "card",
    )  # fmt: skip


def base_url() -> str:
    """The mall's public address, for canonical links and for those who share a page."""
    return str(current_app.config["SETTINGS"].base_url)
