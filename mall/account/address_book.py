"""The address book."""

from dataclasses import asdict

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mall.account.blueprint import bp
from mall.account.forms import EmptyForm
from mall.core import clock
from mall.core.db import transaction
from mall.domain.members import addresses as book
from mall.domain.members import queries
from mall.domain.members.errors import NoSuchAddress
from mall.web.access import me, members_only
from mall.web.addresses import AddressForm, home_country, spoken_phone
from mall.web.arguments import whole
from mall.web.render import go, page


@bp.get("/addresses")
@members_only
def addresses() -> ResponseReturnValue:
    """All addresses, the default first; after a deletion, the way back."""
    deleted = whole("deleted")
    return page(
        "account/addresses.html",
        addresses=queries.addresses(me().id),
        most=book.MOST,
        deleted=deleted,
    )


@bp.route("/addresses/new", methods=["GET", "POST"])
@members_only
def new_address() -> ResponseReturnValue:
    """Add one."""
    form = AddressForm(country=home_country(), recipient=me().name)
    if not form.validate_on_submit():
        return _form_page(form, url_for(".new_address"))
    return _save(form, None)


@bp.route("/addresses/<int:address_id>", methods=["GET", "POST"])
@members_only
def edit_address(address_id: int) -> ResponseReturnValue:
    """Change one's own; anybody else's does not exist."""
    row = next((row for row in queries.addresses(me().id) if row.id == address_id), None)
    if row is None:
        raise NoSuchAddress
    form = AddressForm(data={**asdict(row), "phone": spoken_phone(row.phone)})
    if not form.validate_on_submit():
        return _form_page(form, url_for(".edit_address", address_id=address_id))
    return _save(form, address_id)


@bp.post("/addresses/<int:address_id>/default")
@members_only
def default_address(address_id: int) -> ResponseReturnValue:
    """Use this one first."""
    if EmptyForm().validate_on_submit():
        with transaction():
            book.make_default(me().id, address_id)
        flash(_("This address comes first now."), "good")
    return go(url_for(".addresses"))


@bp.post("/addresses/<int:address_id>/delete")
@members_only
def delete_address(address_id: int) -> ResponseReturnValue:
    """Delete one; it can be brought back from the page that follows."""
    if EmptyForm().validate_on_submit():
        with transaction():
            book.delete_address(me().id, address_id, at=clock.now())
    return go(url_for(".addresses", deleted=address_id))


@bp.post("/addresses/<int:address_id>/restore")
@members_only
def restore_address(address_id: int) -> ResponseReturnValue:
    """Undo the deletion."""
    if EmptyForm().validate_on_submit():
        with transaction():
            book.restore_address(me().id, address_id)
        flash(_("The address is back."), "good")
    return go(url_for(".addresses"))


def _form_page(form: AddressForm, action: str) -> ResponseReturnValue:
    return page("account/address.html", form=form, action=action, status=422 if form.errors else 200)


def _save(form: AddressForm, address_id: int | None) -> ResponseReturnValue:
    with transaction():
        book.save_address(me().id, **form.fields(), address_id=address_id, at=clock.now())
    odd = form.odd_postcode()
    flash(odd or _("Saved."), "warn" if odd else "good")
    return go(url_for(".addresses"))
