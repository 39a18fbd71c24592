"""Who may enter which room: every route of the desk, every role, as members/rules.py says."""

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from mall.domain.members.models import Member
from mall.domain.members.rules import PERMISSIONS
from tests.support.pages import PageClient

#: The permission of every route of the desk; None: any staff. A route that is not named here fails the test below.
ROUTES: dict[str, str | None] = {
    "admin.home": None,
    "admin.search": None,
    "admin.items": "items.read",
    "admin.items_file": "items.read",
    "admin.item": "items.read",
    "admin.item_prices": "items.read",
    "admin.item_stock": "items.read",
    "admin.item_variants": "items.read",
    "admin.item_pictures": "items.read",
    "admin.new_item": "items.edit",
    "admin.create_item": "items.edit",
    "admin.edit_item": "items.edit",
    "admin.set_status": "items.edit",
    "admin.set_price": "items.edit",
    "admin.withdraw_price": "items.edit",
    "admin.set_limits": "items.edit",
    "admin.add_offer": "items.edit",
    "admin.edit_offer": "items.edit",
    "admin.switch_offer": "items.edit",
    "admin.add_variant": "items.edit",
    "admin.edit_variant": "items.edit",
    "admin.add_pictures": "items.edit",
    "admin.describe_picture": "items.edit",
    "admin.move_picture": "items.edit",
    "admin.remove_picture": "items.edit",
    "admin.item_import": "items.edit",
    "admin.item_sample": "items.edit",
    "admin.look_through": "items.edit",
    "admin.confirm_import": "items.edit",
    "admin.adjust_stock": "stock.adjust",
    "admin.count_stock": "stock.adjust",
    "admin.codes": "items.read",
    "admin.code_pool": "items.read",
    "admin.find_pool": "codes.edit",
    "admin.add_codes": "codes.edit",
    "admin.withdraw_codes": "codes.edit",
    "admin.warn_codes": "codes.edit",
    "admin.reveal_codes": "codes.reveal",
    "admin.delivery": "items.read",
    "admin.delivery_rate": "delivery.edit",
    "admin.add_rate": "delivery.edit",
    "admin.edit_rate": "delivery.edit",
    "admin.switch_rate": "delivery.edit",
    "admin.switch_method": "delivery.edit",
    "admin.orders": "orders.read",
    "admin.order": "orders.read",
    "admin.orders_file": "orders.read",
    "admin.ship": "orders.ship",
    "admin.fulfil": "orders.ship",
    "admin.cancel": "orders.cancel",
    "admin.refunds": "orders.read",
    "admin.retry_refund": "orders.refund",
    "admin.settle_refund": "refunds.settle",
    "admin.refund": "orders.refund",
    "admin.preview_refund": "orders.refund",
    "admin.confirm_refund": "orders.refund",
    "admin.document": "orders.read",
    "admin.document_file": "orders.read",
    "admin.members": "members.read",
    "admin.member": "members.read",
    "admin.adjust_points": "points.adjust",
    "admin.audit_trail": "audit.read",
    "admin.ask": "orders.cancel",
    "admin.close": "orders.cancel",
    "admin.session_over": "orders.cancel",
    "admin.trouble": "trouble.read",
    "admin.retry_message": "trouble.repair",
    "admin.retry_messages": "trouble.repair",
    "admin.discard_message": "trouble.repair",
    "admin.set_aside": "trouble.repair",
}
STAFF = {
    "ivy": "merchandiser", "sam": "service", "lee": "supervisor", "fin": "finance", "ada": "administrator",
}  # fmt: skip


def routes(app: Flask) -> list[Rule]:
    """The desk's routes."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("admin.")]


def address(rule: Rule) -> str:
    """An address of that route; what it names does not exist."""
    return re.sub(r"<[^>]*>", "999999", rule.rule)


def method(rule: Rule) -> str:
    """What the route is asked with."""
    return "POST" if "POST" in (rule.methods or ()) else "GET"


def test_every_route_of_the_desk_is_in_the_table(app: Flask) -> None:
    assert {rule.endpoint for rule in routes(app)} == set(ROUTES)


def test_a_visitor_is_asked_to_sign_in(app: Flask, pages: PageClient) -> None:
    for rule in routes(app):
        if method(rule) == "GET":
            answer = pages.client.get(address(rule))
            assert answer.status_code in (302, 303), rule
            assert "/account/sign-in" in answer.headers["Location"], rule
        else:
            token = pages._token("/account/sign-in")
            answer = pages.client.post(address(rule), data={"csrf_token": token})
            assert answer.status_code in (302, 303), rule
            assert "/account/sign-in" in answer.headers["Location"], rule


def test_a_member_is_refused_everywhere(app: Flask, pages: PageClient, mei: Member) -> None:
    pages.sign_in("mei@example.com")
    token = pages._token("/account/profile")
    for rule in routes(app):
        answer = pages.client.open(address(rule), method=method(rule), data={"csrf_token": token})
        assert answer.status_code == 403, rule


@pytest.mark.parametrize(("person", "role"), STAFF.items())
def test_a_role_opens_exactly_its_rooms(
    app: Flask, pages: PageClient, person: str, role: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(person)
    pages.sign_in(f"{person}@example.com")
    token = pages._token("/admin")
    for rule in routes(app):
        permission = ROUTES[rule.endpoint]
        allowed = permission is None or permission in PERMISSIONS[role]
        answer = pages.client.open(address(rule), method=method(rule), data={"csrf_token": token})
        assert (answer.status_code != 403) == allowed, f"{role} {rule.endpoint}: {answer.status_code}"
        assert answer.status_code < 500, rule


@pytest.mark.parametrize(("person", "role"), STAFF.items())
def test_the_rooms_on_the_side_are_those_that_open(
    pages: PageClient, person: str, role: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(person)
    pages.sign_in(f"{person}@example.com")
    links = pages.get("/admin").links()
    for room, permission in {
        "/admin/items": "items.read",
        "/admin/orders": "orders.read",
        "/admin/refunds": "orders.read",
        "/admin/members": "members.read",
        "/admin/audit": "audit.read",
    }.items():
        assert (room in links) == (permission in PERMISSIONS[role]), room


def test_nothing_is_changed_without_a_token(app: Flask, pages: PageClient, ada: Member) -> None:
    pages.sign_in("ada@example.com")
    for rule in routes(app):
        if method(rule) == "POST":
            assert pages.client.post(address(rule)).status_code == 419, rule


def test_nothing_is_changed_by_a_visit(app: Flask, pages: PageClient, ada: Member) -> None:
    pages.sign_in("ada@example.com")
    visits = {rule.rule for rule in routes(app) if "GET" in (rule.methods or ())}
    for rule in routes(app):
        if method(rule) == "POST" and rule.rule not in visits:
            assert pages.client.get(address(rule)).status_code in (404, 405), rule


@pytest.mark.parametrize("before", ["9" * 30, "-1", "x", "１", str(2**63)])
def test_the_trail_from_a_record_that_cannot_be_is_the_newest(
    pages: PageClient, ada: Member, before: str
) -> None:
    pages.sign_in(ada.email)
    assert pages.get(f"/admin/audit?before={before}").h1
