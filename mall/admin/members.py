"""Members at the desk: look one up, see where every point came from and went, put points right."""

from flask import current_app, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from mall.admin import trail
from mall.admin.blueprint import bp
from mall.admin.forms import AdjustPointsForm
from mall.core import clock, ids
from mall.core.actor import as_staff
from mall.core.db import transaction
from mall.core.errors import MallError, NotFound
from mall.domain.audit import queries as audit
from mall.domain.earning.rules import expires_at
from mall.domain.ledger import desk
from mall.domain.ledger import queries as ledger
from mall.domain.members import directory, rules
from mall.domain.members import queries as directory_queries
from mall.domain.orders import desk as order_desk
from mall.web.access import me, needs
from mall.web.arguments import phrase, whole
from mall.web.errors import words
from mall.web.formatting import points as written
from mall.web.languages import NAMES, locale_tag
from mall.web.render import go, page

PAGE = 30


@bp.get("/members")
@needs("members.read")
def members() -> ResponseReturnValue:
    """The directory: everybody, or who fits the search."""
    q = phrase("q")
    found = directory.look_up(q, before=whole("before"), limit=PAGE + 1)
    return page(
        "admin/members.html",
        fragment="admin/_members.html",
        q=q,
        members=found[:PAGE],
        more=found[PAGE - 1].id if len(found) > PAGE else None,
    )


@bp.get("/members/<number>")
@needs("members.read")
def member(number: str) -> ResponseReturnValue:
    """One member: who they are, their points, their orders, what staff did."""
    return _shown(_card(number), AdjustPointsForm(formdata=None, key=ids.token()))


@bp.post("/members/<number>/points")
@needs("points.adjust")
def adjust_points(number: str) -> ResponseReturnValue:
    """Give or take points, with a reason."""
    card, form = _card(number), AdjustPointsForm()
    if not form.validate_on_submit():
        return _shown(card, form, 422)
    settings = current_app.config["SETTINGS"]
    asked = form.points.data or 0
    points = asked if form.way.data == "give" else -asked
    now = clock.now()
    try:
        with transaction():
            posted = desk.adjust(
                card.id,
                points,
                key=form.key.data,
                reason=form.reason.data,
                limit=rules.adjust_at_most(me()),
                expires_at=expires_at(now, settings.points_life_months, settings.timezone),
                actor=as_staff(me().id),
                at=now,
            )
    except MallError as refused:
        form.refuse(form.points, words(refused))
        return _shown(card, form, refused.status)
    done = ngettext("%(n)s point given", "%(n)s points given", points, n=written(points))
    if points < 0:
        done = ngettext("%(n)s point taken away", "%(n)s points taken away", -points, n=written(-points))
    flash(_("%(done)s. The balance is now %(balance)s.", done=done, balance=written(posted.balance)), "good")
    return go(url_for("admin.member", number=card.number, _anchor="main"))


def _card(number: str) -> directory.Card:
    card = directory.card(number)
    if card is None:
        raise NotFound
    return card


def _shown(card: directory.Card, form: AdjustPointsForm, status: int = 200) -> ResponseReturnValue:
    before = whole("before")
    history = ledger.history(card.id, before, PAGE + 1)
    actors = [entry.actor_id for entry in history if entry.actor_id]
    return page(
        "admin/member.html",
        fragment="admin/_entries.html",
        status=status,
        member=card,
        form=form,
        balance=ledger.balance(card.id, clock.now()),
        history=history[:PAGE],
        more=history[PAGE - 1].seq if len(history) > PAGE else None,
        orders=order_desk.orders(view="all", member_id=card.id, locale=locale_tag(), most=5)[0],
        addresses=directory_queries.addresses(card.id),
        language=NAMES.get(card.language, card.language),
        deeds=trail.shown(audit.trail(subject=("member", card.id), limit=10)),
        names=directory.names(actors) if actors else {},
        most=rules.adjust_at_most(me()),
        own=card.id == me().id,
    )
