"""A member's codes, for the few who may look at them: with a reason, and written down."""

from flask import current_app
from flask.typing import ResponseReturnValue

from mall.admin import orders
from mall.admin.blueprint import bp
from mall.admin.deeds import typed
from mall.core import clock, ids
from mall.core.actor import as_staff
from mall.core.db import transaction
from mall.domain.orders import fulfilling
from mall.domain.orders.errors import NoSuchOrder
from mall.web.access import me, needs
from mall.web.arguments import whole
from mall.web.limits import REVEAL
from mall.web.logs import request_id

#: A reason has at least so many signs.
LEAST = 5


@bp.post("/orders/<number>/codes")
@needs("codes.reveal")
@REVEAL
def reveal_codes(number: str) -> ResponseReturnValue:
    """Show the codes of a line of an order to a supervisor. One's own are seen as any member sees them."""
    number, line, why = ids.clean_number(number), whole("line") or 0, typed("reason")[:500]
    found = orders.one(number)
    if found.member_id == me().id:
        raise NoSuchOrder
    if len(why) < LEAST:
        return orders.shown(found, status=422, reveal_refused=line)
    with transaction():
        codes = fulfilling.reveal_as_staff(
            number,
            line,
            cipher=current_app.extensions["codes"],
            request=request_id(),
            reason=why,
            actor=as_staff(me().id),
            at=clock.now(),
        )
    answer = orders.shown(orders.one(number), shown={line: codes})
    answer.headers["Cache-Control"] = "no-store"
    return answer
