"""The desk's first page: what waits for somebody."""

from datetime import datetime

from flask.typing import ResponseReturnValue
from flask_login import current_user

from mall.admin.blueprint import bp
from mall.admin.price_outlook import price_words
from mall.core import clock
from mall.core.errors import Forbidden
from mall.domain.items import queries
from mall.domain.items.queries import codes, overview
from mall.domain.orders import alerts
from mall.domain.orders import desk as order_desk
from mall.domain.orders.refunding import queries as refunds
from mall.web.access import me, members_only
from mall.web.languages import locale_tag
from mall.web.render import page


@bp.before_request
def _staff_only() -> ResponseReturnValue | None:
    """Visitors are asked to sign in by each page; members without a role are refused, whatever the page."""
    if current_user.is_authenticated and not current_user.is_staff:
        raise Forbidden
    return None


@bp.get("")
@members_only
def home() -> ResponseReturnValue:
    """What waits, for this person's rooms."""
    at, locale = clock.now(), locale_tag()
    items = me().can("items.read")
    return page(
        "admin/home.html",
        to_send=order_desk.to_send() if me().can("orders.read") else None,
        refunds_failed=refunds.failed() if me().can("orders.read") else 0,
        disputed=refunds.disputes() if me().can("orders.read") else 0,
        counts=overview.shop_counts() if items else None,
        price_words=price_words,
        coming=overview.coming_prices(locale=locale, at=at) if items else [],
        low=_running_out(locale, at) if items else [],
        low_pools=codes.low_pools() if items else 0,
        alerts=alerts.alerts(at) if me().can("trouble.read") else None,
    )


def _running_out(locale: str, at: datetime) -> list[queries.StaffItemRow]:
    """Live items of which few are left, the fewest first."""
    asked = queries.StaffFilter(status="live", low=True, sort="stock")
    return queries.staff_items(asked, locale=locale, at=at, per_page=8).rows
