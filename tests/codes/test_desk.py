"""The desk: code pools, what members were handed, and delivery rates, by role and in the audit trail."""

import io
import re
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.db import db, transaction
from mall.core.ids import MemberId
from mall.domain.audit.models import AuditRecord
from mall.domain.items.code_models import Code, CodeBatch, CodeReveal
from mall.domain.items.stock_models import Stock
from mall.domain.members.models import Member
from mall.domain.orders import booking, delivery_rates, queries
from mall.domain.orders.models import DeliveryMethod, DeliveryRate
from mall.domain.orders.service import Placed
from tests.support.codes_factory import make_pool, secret
from tests.support.items_factory import make_item
from tests.support.orders_factory import NONE, give_points, place_order
from tests.support.pages import PageClient


def send(
    desk: PageClient, variant: int, text: str, *, status: int = 303, name: str = "new.txt", **more: str
) -> str:
    page = desk.get(f"/admin/codes/{variant}")
    form = {"key": page.value("key"), "file": (io.BytesIO(text.encode()), name), **more}
    return desk.post(f"/admin/codes/{variant}", form, status=status).text


@pytest.fixture
def desk(pages: PageClient, ivy: Member) -> PageClient:
    """Ivy, the merchandiser, at her desk."""
    pages.sign_in(ivy.email)
    return pages


def test_a_first_batch_from_the_item_to_the_stock(desk: PageClient, app: Flask) -> None:
    with transaction():
        variant = make_item("Voucher", stock=7, kind="digital", sku="FILM-1").variant_id
    assert "No code pools yet" in desk.get("/admin/codes").text
    page = desk.post("/admin/codes", {"sku": "FILM-1"})
    assert page.response.headers["Location"] == f"/admin/codes/{variant}"
    send(desk, variant, "A-1\nB-2\nC-3\n")
    page = desk.get(f"/admin/codes/{variant}")
    assert "3 codes added." in page.text
    assert "3 still in the pool" in page.text
    assert "Ivy" in page.text
    assert db.session.get_one(Stock, variant, populate_existing=True).available == 3
    assert "FILM-1" in desk.get("/admin/codes").text
    assert "Codes run low" in desk.get("/admin").text


def test_an_unknown_sku_stays_in_the_field(desk: PageClient) -> None:
    page = desk.post("/admin/codes", {"sku": "x' OR 1=1 --"}, status=422)
    assert "There is no variant with that SKU" in page.text
    assert page.value("sku") == "x' OR 1=1 --"


def test_refused_rows_are_named_and_good_ones_kept(desk: PageClient, at: datetime) -> None:
    with transaction():
        variant = make_pool(2, at=at).variant_id
    text = send(desk, variant, f"{secret(0)}\nNEW-1\nNEW-1\n", status=200)
    assert "1 code of new.txt was added" in text
    assert "2 rows refused" in text
    assert "the code is in the pool already" in text
    assert "the same code is in line 2" in text
    assert secret(0) not in text
    assert "NEW-1" not in text
    assert send(desk, variant, "NEW-1\n", status=422)
    assert db.session.get_one(Stock, variant, populate_existing=True).available == 3


def test_looking_through_changes_nothing(desk: PageClient, at: datetime) -> None:
    with transaction():
        variant = make_pool(1, at=at).variant_id
    assert "1 code of new.txt would be added" in send(desk, variant, "NEW-1\n", status=200, look="1")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Code)) == 1


@pytest.mark.parametrize("name", ["x'; DROP TABLE code; --.txt", "<script>alert(1)</script>.txt", "名.txt"])
def test_a_files_name_is_only_a_name(desk: PageClient, at: datetime, name: str) -> None:
    with transaction():
        variant = make_pool(1, at=at).variant_id
    send(desk, variant, "NEW-1\n", name=name)
    page = desk.get(f"/admin/codes/{variant}")
    assert name in page.text
    assert "<script>alert" not in page.html
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Code)) == 2


def test_what_is_no_file_of_codes_is_said(desk: PageClient, at: datetime) -> None:
    with transaction():
        variant = make_pool(1, at=at).variant_id
        cup = make_item("Cup").variant_id
    assert "cannot be read" in send(desk, variant, "\0\0", status=422)
    page = desk.post(f"/admin/codes/{variant}", {"key": "k"}, status=422)
    assert "Please choose" in page.text
    assert "Only digital items have codes" in desk.get(f"/admin/codes/{cup}").text
    form = {"key": "k", "file": (io.BytesIO(b"A"), "a.txt")}
    assert "Only digital items" in desk.post(f"/admin/codes/{cup}", form, status=422).text


def test_withdrawing_a_batch_takes_its_number_and_a_reason(desk: PageClient, at: datetime) -> None:
    with transaction():
        variant = make_pool(3, at=at).variant_id
    (batch,) = db.session.scalars(sa.select(CodeBatch.id))
    where = f"/admin/codes/{variant}"
    for form in (
        {},
        {"sure": str(batch)},
        {"reason": "wrong supplier"},
        {"sure": "no", "reason": "wrong one"},
    ):
        desk.post(f"{where}/withdraw", {"batch": str(batch), **form}, page=where, status=422)
    desk.post(
        f"{where}/withdraw", {"batch": "99", "sure": "99", "reason": "what is that"}, page=where, status=404
    )
    sound = {"batch": str(batch), "sure": str(batch), "reason": "wrong supplier"}
    desk.post(f"{where}/withdraw", sound, page=where)
    page = desk.get(where)
    assert "3 withdrawn" in page.text
    (record,) = db.session.scalars(sa.select(AuditRecord).where(AuditRecord.action == "codes.withdraw"))
    assert record.reason == "wrong supplier"


def test_the_warning_is_each_pools_own(desk: PageClient, at: datetime) -> None:
    with transaction():
        variant = make_pool(3, at=at).variant_id
    where = f"/admin/codes/{variant}"
    desk.post(f"{where}/warn", {"low": "2"}, page=where)
    assert "Codes run low" not in desk.get("/admin").text
    desk.post(f"{where}/warn", {"low": "-1"}, page=where, status=422)


def test_the_stock_room_refuses_to_count_a_pool_by_hand(desk: PageClient, at: datetime) -> None:
    with transaction():
        made = make_pool(3, at=at)
    where = f"/admin/items/{made.item_id}/stock"
    form = {"key": "k" * 22, "way": "found", "count": "5", "note": "found some"}
    page = desk.post(f"{where}/{made.variant_id}", form, page=where, status=409)
    assert "follows its codes" in page.text


@pytest.fixture
def order(app: Flask, mei: Member, at: datetime) -> Placed:
    """A code of Mei's."""
    with transaction():
        made = make_pool(1, at=at)
        give_points(MemberId(mei.id), 10_000, at=at)
    return place_order(MemberId(mei.id), (made.variant_id, 1), at=at, delivery=NONE)


def test_staff_see_that_it_was_given_and_a_supervisor_what(
    app: Flask, sam: Member, lee: Member, order: Placed
) -> None:
    where = f"/admin/orders/{order.number}"
    line = queries.any_order(order.number, locale="en").lines[0].id
    service = PageClient(app)
    service.sign_in(sam.email)
    page = service.get(where)
    assert "1 code given" in page.text
    assert "Look at the codes" not in page.text
    service.post(f"{where}/codes", {"line": line, "reason": "curious"}, page="/admin", status=403)
    supervisor = PageClient(app)
    supervisor.sign_in(lee.email)
    assert secret(0) not in supervisor.get(where).html
    supervisor.post(f"{where}/codes", {"line": line, "reason": "no"}, page=where, status=422)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CodeReveal)) == 0
    page = supervisor.post(
        f"{where}/codes", {"line": line, "reason": "reads it out on the phone"}, page=where, status=200
    )
    assert secret(0) in page.text
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "1 looked at" in service.get(where).text
    trail = supervisor.get("/admin/audit").text
    assert "A member's codes looked at" in trail
    assert "reads it out on the phone" in trail
    assert secret(0) not in trail


def test_nobody_looks_at_their_own_codes_as_staff(app: Flask, lee: Member, at: datetime) -> None:
    with transaction():
        made = make_pool(1, at=at)
        give_points(MemberId(lee.id), 10_000, at=at)
    order = place_order(MemberId(lee.id), (made.variant_id, 1), at=at, delivery=NONE)
    line = queries.any_order(order.number, locale="en").lines[0].id
    pages = PageClient(app)
    pages.sign_in(lee.email)
    where = f"/admin/orders/{order.number}"
    pages.post(f"{where}/codes", {"line": line, "reason": "mine after all"}, page=where, status=404)


def test_a_service_is_answered(app: Flask, mei: Member, sam: Member, at: datetime) -> None:
    with transaction():
        one = make_item("Massage", points=10, kind="service", stock=9)
        give_points(MemberId(mei.id), 1_000, at=at)
    order = place_order(MemberId(mei.id), (one.variant_id, 2), at=at, delivery=NONE)
    line = queries.any_order(order.number, locale="en").lines[0].id
    with transaction():
        booking.wish(order.number, line, member=MemberId(mei.id), words="After <six>", day=None, at=at)
    desk = PageClient(app)
    desk.sign_in(sam.email)
    where = f"/admin/orders/{order.number}"
    page = desk.get(where)
    assert "After <six>" in page.text
    desk.post(f"{where}/fulfil", {f"line-{line}": "1", "answer": "Friday at seven"}, page=where)
    found = queries.any_order(order.number, locale="en")
    assert (found.state, found.lines[0].left, found.lines[0].handed.answer) == ("paid", 1, "Friday at seven")
    desk.post(f"{where}/fulfil", {}, page=where)
    assert queries.any_order(order.number, locale="en").state == "completed"


def rate(**changes: str) -> dict[str, str]:
    return {
        "method": "standard",
        "name": "China",
        "places": "CN",
        "fee": "8.00",
        "free_from": "99.00",
        **changes,
    }


def test_a_rate_is_added_changed_withdrawn_and_brought_back(desk: PageClient, ada: Member) -> None:
    desk.post("/admin/delivery/rates", rate(), page="/admin/delivery")
    page = desk.get("/admin/delivery")
    assert "¥8.00" in page.text
    assert "China" in page.text
    (found,) = delivery_rates.all_rates()
    where = f"/admin/delivery/rates/{found.id}"
    form = rate(
        name="Mainland",
        fee="12.50",
        free_from="",
        places="CN\ncn/上海市\n",
        version=desk.get(where).value("version"),
    )
    desk.post(where, form)
    (now,) = delivery_rates.load()
    assert (now.fee, now.free_from, [str(place) for place in now.places]) == (
        1250,
        None,
        ["CN", "CN/shanghai"],
    )
    assert "China · Shanghai" in desk.get("/admin/delivery").text
    assert "Somebody changed this rate" in desk.post(where, form, status=409).text
    switch = {"do": "withdraw", "version": desk.get(where).value("version")}
    desk.post(f"{where}/switch", switch, page="/admin/delivery")
    assert delivery_rates.load() == ()
    switch = {"do": "restore", "version": str(found.version + 2)}
    desk.post(f"{where}/switch", switch, page="/admin/delivery")
    assert len(delivery_rates.load()) == 1
    actions = db.session.scalars(sa.select(AuditRecord.action).where(AuditRecord.subject_kind == "delivery"))
    assert list(actions) == [
        f"delivery.rate_{word}" for word in ("added", "changed", "withdrawn", "restored")
    ]
    office = PageClient(desk.client.application)
    office.sign_in(ada.email)
    assert "Delivery rate changed" in office.get("/admin/audit").text


@pytest.mark.parametrize(
    "wrong",
    [{"places": "China"}, {"places": "CN/"}, {"places": "XX"}, {"places": "CN\nZZ"}, {"places": "CN/Zhejang"}, {"places": "C"}, {"fee": "8,50"}, {"fee": ""}, {"fee": "-1"}, {"name": ""},
     {"free_from": "many"}, {"method": "none"}, {"method": "x' OR 1=1 --"}, {"method": "pickup"}],
    ids=str,
)  # fmt: skip
def test_what_is_no_rate_is_refused_and_kept_in_the_form(desk: PageClient, wrong: dict[str, str]) -> None:
    page = desk.post("/admin/delivery/rates", rate(**wrong), page="/admin/delivery", status=422)
    assert "What you typed has been kept" in page.text
    assert delivery_rates.all_rates() == []


def test_a_place_that_is_not_there_is_named_at_its_field(desk: PageClient) -> None:
    for places, named in (("CN\nXX", "XX"), ("CN/Atlantis", "CN/Atlantis")):
        page = desk.post("/admin/delivery/rates", rate(places=places), page="/admin/delivery", status=422)
        assert f"“{named}” is no place." in page.text
    desk.post("/admin/delivery/rates", rate(places="CN/Zhejiang\nCN/内蒙古\nUS/Ohio"), page="/admin/delivery")
    assert "China · Inner Mongolia" in desk.get("/admin/delivery").text


def test_a_place_has_one_rate_of_a_method(desk: PageClient) -> None:
    desk.post("/admin/delivery/rates", rate(), page="/admin/delivery")
    desk.post("/admin/delivery/rates", rate(name="World", places=""), page="/admin/delivery")
    for places, said in (("CN\nTW", "for CN"), ("", "for *")):
        page = desk.post("/admin/delivery/rates", rate(places=places), page="/admin/delivery", status=422)
        assert said in page.text
    desk.post("/admin/delivery/rates", rate(method="priority"), page="/admin/delivery")


def test_same_day_delivery_goes_nowhere_for_free_by_mistake(desk: PageClient) -> None:
    switch = "/admin/delivery/methods/same_day/switch"
    desk.post(switch, {"do": "offer"}, page="/admin/delivery")
    page = desk.get("/admin/delivery")
    assert "needs a rate" in page.text
    method = db.session.get_one(DeliveryMethod, "same_day", populate_existing=True)
    assert not method.active
    desk.post("/admin/delivery/rates", rate(method="same_day", places="CN/Shanghai"), page="/admin/delivery")
    desk.post(switch, {"do": "offer"}, page="/admin/delivery")
    assert db.session.get_one(DeliveryMethod, "same_day", populate_existing=True).active
    (found,) = db.session.scalars(sa.select(DeliveryRate))
    where = f"/admin/delivery/rates/{found.id}/switch"
    desk.post(where, {"do": "withdraw", "version": str(found.version)}, page="/admin/delivery")
    assert len(delivery_rates.load()) == 1
    assert re.search("needs a rate", desk.get("/admin/delivery").text)
