"""The page of the desk that shows what a refund or a cancellation does, before it is confirmed."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app
from flask.typing import ResponseReturnValue

from mall.admin.refund_forms import ConfirmCancelForm, ConfirmRefundForm
from mall.domain.orders.queries import OrderView
from mall.domain.orders.refunding import Preview
from mall.domain.orders.refunding.errors import PreviewChanged
from mall.web.render import page


@dataclass(frozen=True, slots=True)
class PreviewedDeed:
    """What is about to be confirmed, in words; `room` (name, address) is where it began, `fields` are carried along,
    `changed` is said above a preview that is not the one shown before.
    """

    title: str
    room: tuple[str, str]
    action: str
    submit: str
    changed: str
    danger: bool
    fields: Mapping[str, str | int]


def shown(
    found: OrderView,
    preview: Preview,
    form: ConfirmRefundForm | ConfirmCancelForm,
    deed: PreviewedDeed,
    *,
    changed: str = "",
) -> ResponseReturnValue:
    """What a refund or a cancellation does, with the button that does it."""
    return page(
        "admin/refund_preview.html",
        status=PreviewChanged.status if changed else 200,
        order=found,
        grace_days=current_app.config["SETTINGS"].grace_days,
        shown=preview,
        names=names(found),
        form=form,
        deed=deed,
        changed=changed,
    )


def names(found: OrderView) -> Mapping[int, str]:
    """What each line of an order is called, by its id."""
    return {line.id: f"{line.name} ({line.options})" if line.options else line.name for line in found.lines}
