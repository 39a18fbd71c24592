"""The list page in words: heading, number found, chips, choices, and what to do where nothing was found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from flask import url_for
from flask_babel import gettext, ngettext

from mall.catalog import cards
from mall.catalog.cards import ShownCard
from mall.catalog.choices import Chip, Choice, chips, choices_for
from mall.catalog.forms import Asked
from mall.domain.items.queries import Card, CardPage, CategoryRow
from mall.web.formatting import points
from mall.web.languages import locale_tag


@dataclass(frozen=True, slots=True)
class Note:
    """Something to tell about the address itself, with a way on."""

    text: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why the list is empty, and addresses of lists that are not."""

    title: str
    text: str
    ways: Sequence[Choice]


@dataclass(slots=True)
class BrowseView:
    """All that catalog/_browse.html shows. `part`: for htmx, which takes the title along; `focus`: the link that was
    followed is gone from the page, so the number found takes the focus.
    """

    asked: Asked
    title: str
    found: str
    show: str
    description: str
    canonical: str
    guest: bool
    sign_in: str
    categories: Sequence[Choice]
    kinds: Sequence[Choice]
    sorts: Sequence[Choice]
    bands: Sequence[Choice]
    chips: Sequence[Chip]
    notes: Sequence[Note]
    hearts: str
    cards: Sequence[ShownCard]
    page: int
    pages: int
    page_url: Callable[[int], str]
    nothing: Nothing | None = None
    near: Sequence[ShownCard] = field(default_factory=tuple)
    near_title: str = ""
    part: bool = False
    focus: bool = False

    @property
    def previous(self) -> str:
        """Address of the page before, if there is one."""
        return self.page_url(self.page - 1) if 1 < self.page <= self.pages else ""

    @property
    def following(self) -> str:
        """Address of the page after, if there is one."""
        return self.page_url(self.page + 1) if self.page < self.pages else ""

    @property
    def narrowed(self) -> int:
        """How many filters are on; the words searched for stand in their own field."""
        return sum(chip.name != "q" for chip in self.chips)

    @property
    def noindex(self) -> bool:
        """Search results and fine filters are for people, not for search engines."""
        return self.asked.but(category="", kind="", sort="") != Asked()


def browse_view(
    asked: Asked,
    shown: CardPage,
    near: Sequence[Card],
    rows: tuple[CategoryRow, ...],
    balance: int | None,
    *,
    per_page: int,
    base_url: str,
) -> BrowseView:
    """The list for a balance in points (None: a guest)."""
    names = {row.slug: row.name for row in rows}
    guest = balance is None
    sign_in = url_for("account.sign_in", next=asked.url())
    last = pages(shown, per_page)
    count = found(shown, per_page)
    heading = title(asked, names)
    choices = choices_for(asked, rows, locale_tag())
    return BrowseView(
        asked=asked,
        title=heading,
        found=count,
        show=gettext("Show the result: %(found)s", found=count),
        description=gettext("%(heading)s: %(found)s to redeem with points.", heading=heading, found=count),
        canonical=base_url + asked.url(),
        guest=guest,
        sign_in=sign_in,
        hearts="guest" if guest else "card",
        categories=choices.categories,
        kinds=choices.kinds,
        sorts=choices.sorts,
        bands=choices.bands,
        chips=chips(asked, names),
        notes=[*corrected(asked, shown), *notes(asked, guest=guest, sign_in=sign_in)],
        cards=cards.show(shown.cards, balance),
        page=asked.page,
        pages=last,
        page_url=lambda n: asked.url(page=n),
        nothing=None if shown.cards else nothing(asked),
        near=cards.show(near, balance),
        near_title=gettext("These may do instead"),
    )


def corrected(asked: Asked, shown: CardPage) -> list[Note]:
    """That other words were searched, where those typed found nothing."""
    if not shown.relaxed:
        return []
    if not shown.corrected:
        return [Note(gettext("Nothing fits “%(words)s” exactly. These come close.", words=asked.q))]
    return [
        Note(
            gettext(
                "Showing results for “%(better)s”. Nothing was found for “%(words)s”.",
                better=shown.corrected,
                words=asked.q,
            )
        )
    ]


def title(asked: Asked, names: dict[str, str]) -> str:
    """The heading: the search, else the category, else the whole catalogue."""
    if asked.q:
        return str(gettext("Results for “%(words)s”", words=asked.q))
    return names.get(asked.category) or str(gettext("Catalogue"))


def found(shown: CardPage, per_page: int) -> str:
    """How many there are; beyond what is counted, more than how many."""
    if shown.relaxed:
        return str(
            ngettext(
                "%(n)s item that comes close",
                "%(n)s items that come close",
                len(shown.cards),
                n=points(len(shown.cards)),
            )
        )
    if shown.total:
        return str(ngettext("%(n)s item", "%(n)s items", shown.total, n=points(shown.total)))
    if shown.total == 0:
        return str(gettext("Nothing found"))
    if not shown.cards:
        return str(gettext("Nothing on this page"))
    return str(gettext("More than %(n)s items", n=points(shown.page * per_page)))


def pages(shown: CardPage, per_page: int) -> int:
    """How many pages can be turned to; where it is not counted, one more than this. What only comes close has one."""
    if shown.relaxed:
        return 1
    if shown.total is not None:
        return -(-shown.total // per_page)
    return shown.page + 1 if shown.has_next else shown.page if shown.cards else 0


def notes(asked: Asked, *, guest: bool, sign_in: str) -> list[Note]:
    """What in the address was left out, and why."""
    told = [Note(_about(name, value)) for name, value in asked.bad]
    if guest and asked.affordable:
        told.append(
            Note(
                gettext("We know what you can redeem once you sign in. Until then, here is everything."),
                sign_in,
                gettext("Sign in"),
            )
        )
    return told


def _about(name: str, value: str) -> str:
    if name in ("min", "max"):
        return str(
            gettext("“%(value)s” is not a number of points, so that filter was left out.", value=value)
        )
    if name == "page":
        return str(gettext("There is no page “%(value)s”. This is the first.", value=value))
    if name == "category":
        return str(gettext("There is no category “%(value)s”. Here are all of them.", value=value))
    return str(gettext("We do not know the filter “%(value)s”, so it was left out.", value=value))


def nothing(asked: Asked) -> Nothing:
    """What to say where the list is empty, and the ways on: each filter taken away, the last page, all."""
    if asked.page > 1:
        way = Choice(gettext("To the first page"), asked.url(page=1))
        return Nothing(
            gettext("The list ends before this page"), gettext("It may have been longer a moment ago."), [way]
        )
    ways = []
    if asked.affordable:
        ways.append(Choice(gettext("Show what I cannot redeem yet, too"), asked.url(affordable=False)))
    if asked.min is not None or asked.max is not None:
        ways.append(Choice(gettext("Any number of points"), asked.url(min=None, max=None)))
    if asked.category:
        ways.append(Choice(gettext("All categories"), asked.url(category="")))
    if asked.kind:
        ways.append(Choice(gettext("All kinds"), asked.url(kind="")))
    if asked.q and asked.but(q="", sort="") != Asked():
        ways.append(Choice(gettext("Without the search words"), asked.url(q="")))
    ways.append(Choice(gettext("The whole catalogue"), Asked().url()))
    if asked.q:
        return Nothing(
            gettext("Nothing found for “%(words)s”", words=asked.q),
            gettext(
                "Try another word for it, or fewer words. English and Chinese both work, and so do item numbers."
            ),
            ways,
        )
    return Nothing(
        gettext("Nothing fits all of these filters"), gettext("Take one of them away to see more."), ways
    )
