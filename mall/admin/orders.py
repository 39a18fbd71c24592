"""Orders at the desk: what waits to be sent; send it, in parts if need be."""

from typing import Any

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mall.admin.blueprint import bp
from mall.admin.downloads import MOST_ROWS, download
from mall.admin.forms import CancelForm, ShipForm
from mall.core import clock, ids
from mall.core.actor import as_staff
from mall.core.db import transaction
from mall.core.errors import MallError
from mall.core.numbers import major, parse_whole
from mall.domain.audit import service as audit
from mall.domain.members import directory
from mall.domain.orders import booking, desk, queries, shipping
from mall.domain.orders.queries import OrderView
from mall.web.access import me, needs
from mall.web.addresses import address_lines
from mall.web.arguments import phrase, whole
from mall.web.counter import counter_code
from mall.web.errors import words
from mall.web.languages import locale_tag
from mall.web.render import go, page
from mall.web.telling import timeline


@bp.get("/orders")
@needs("orders.read")
def orders() -> ResponseReturnValue:
    """The list: what waits to be sent comes first."""
    view, q = _asked()
    found, more = desk.orders(
        view="all" if q else view, q=q, before=whole("before"), after=whole("after"), locale=locale_tag()
    )
    return page(
        "admin/orders.html",
        fragment="admin/_orders.html",
        view=view,
        q=q,
        orders=found,
        more=("after" if view in desk.OLDEST_FIRST and not q else "before", found[-1].id) if more else None,
    )


def _asked() -> tuple[str, str]:
    """The view and the words searched for, as the address says."""
    view = request.args.get("show", "to_send")
    return view if view in desk.VIEWS else "to_send", phrase("q")


@bp.get("/orders.csv")
@needs("orders.read")
def orders_file() -> ResponseReturnValue:
    """The list as a file for spreadsheets, with the same filter."""
    view, q = _asked()
    found, _more = desk.orders(view="all" if q else view, q=q, locale=locale_tag(), most=MOST_ROWS)
    return download("orders", _COLUMNS, ([str(cell) for cell in _cells(row)] for row in found))


_COLUMNS = (
    "number", "state", "money", "placed_at", "member", "name", "item", "lines", "units", "sent", "cancelled", "points",
    "points_back", "currency", "cash", "cash_back", "delivery",
)  # fmt: skip


def _cells(row: desk.DeskRow) -> tuple[object, ...]:
    cash, back = major(row.cash, row.currency), major(row.cash_back, row.currency)
    return (
        row.number, row.tags[0], "".join(row.tags[1:]), row.placed_at.isoformat(), row.member_number, row.member_name, row.name, row.lines,
        row.units, row.sent, row.cancelled, row.points, row.points_back, row.currency, cash, back, row.delivery,
    )  # fmt: skip


@bp.get("/orders/<number>")
@needs("orders.read")
def order(number: str) -> ResponseReturnValue:
    """One order: its lines, where it goes, and what happened to it."""
    return shown(one(number))


@bp.post("/orders/<number>/ship")
@needs("orders.ship")
def ship(number: str) -> ResponseReturnValue:
    """A parcel with the chosen quantities leaves."""
    found, form = one(number), ShipForm()
    if not form.validate_on_submit():
        return shown(found, ship_form=form, status=422)
    try:
        lines = _chosen(found, "goods")
        with transaction():
            shipped = shipping.ship(
                found.id,
                lines=lines,
                carrier=form.carrier.data,
                tracking=form.tracking.data,
                key=form.key.data,
                actor=as_staff(me().id),
                at=clock.now(),
            )
            if not shipped.again:
                record(
                    "order.ship", found.number, {"carrier": form.carrier.data, "tracking": form.tracking.data}
                )
    except MallError as refused:
        form.refuse(form.tracking, words(refused))
        return shown(one(number), ship_form=form, status=refused.status)
    flash(_("Sent. The member is told, with the tracking number."), "good")
    return go(url_for("admin.order", number=found.number, _anchor="main"))


@bp.post("/orders/<number>/fulfil")
@needs("orders.ship")
def fulfil(number: str) -> ResponseReturnValue:
    """Services and digital goods of an order were given, all or some; the answer is for the member to read."""
    found = one(number)
    others = [line for line in found.lines if line.kind != "goods"]
    lines = [part for kind in sorted({line.kind for line in others}) for part in _chosen(found, kind)]
    asked = any(f"line-{line.id}" in request.form for line in others)
    with transaction():
        booking.fulfil(
            found.id,
            lines=lines if asked else None,
            answer=request.form.get("answer", ""),
            actor=as_staff(me().id),
            at=clock.now(),
        )
        record("order.fulfil", found.number, {})
    flash(_("Noted as given. The member is told."), "good")
    return go(url_for("admin.order", number=found.number, _anchor="main"))


def one(number: str) -> OrderView:
    """An order by its number. Raises NoSuchOrder."""
    return queries.any_order(number, locale=locale_tag())


def _chosen(found: OrderView, kind: str) -> list[tuple[int, int]]:
    """Order line and quantity of each field `line-<id>`; lines that are not named, or 0, stay behind.

    Raises BadValue for what is no whole number: the parcel on the desk would hold more than the order says.
    """
    told = {line.id: request.form.get(f"line-{line.id}") for line in found.lines if line.kind == kind}
    chosen = [(line, parse_whole(text, least=0)) for line, text in told.items() if text]
    return [(line, n) for line, n in chosen if n]


def record(action: str, number: str, after: dict[str, object], reason: str = "") -> None:
    """Write a deed of the signed-in person about an order into the audit trail."""
    actor = as_staff(me().id)
    audit.record(actor, action, subject=("order", number), after=after, reason=reason, at=clock.now())


def shown(
    found: OrderView,
    *,
    ship_form: ShipForm | None = None,
    cancel_form: CancelForm | None = None,
    status: int = 200,
    **more: Any,
) -> Response:
    """The order's page, with empty forms but for one that was sent; `more` for its parts (codes that were asked for)."""
    doers = {event.actor_id for event in found.events if event.actor_id}
    return page(
        "admin/order.html",
        status=status,
        order=found,
        member=directory.by_id(found.member_id),
        events=timeline(found, directory.names(sorted(doers)) if doers else {}),
        address=address_lines(found.address) if found.address else [],
        counter_code=counter_code(found),
        ship_form=ship_form or ShipForm(formdata=None, key=ids.token()),
        cancel_form=cancel_form or CancelForm(formdata=None),
        **more,
    )
