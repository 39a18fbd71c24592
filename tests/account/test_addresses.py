"""The address book."""

import pytest
from flask import Flask

from mall.domain.members import addresses as book
from mall.domain.members import queries
from mall.domain.members.models import Member
from mall.web.addresses import address_line, address_lines
from tests.support.pages import Page, PageClient

HOME = {
    "recipient": "陈美",
    "phone": "138 0013 8000",
    "country": "CN",
    "region": "上海市",
    "city": "上海市",
    "line1": "静安区南京西路 100 号",
    "line2": "3 楼",
    "postcode": "200040",
}


@pytest.fixture
def hers(pages: PageClient, mei: Member) -> PageClient:
    """Mei's browser, signed in."""
    pages.sign_in(mei.email)
    return pages


def add(pages: PageClient, **changes: str) -> Page:
    pages.post("/account/addresses/new", {**HOME, **changes})
    return pages.get("/account/addresses")


def test_a_member_adds_an_address_and_it_becomes_the_default(hers: PageClient, mei: Member) -> None:
    shown = add(hers)
    assert "静安区南京西路 100 号" in shown.text
    assert "+86 138 0013 8000" in shown.text
    [row] = queries.addresses(mei.id)
    assert (row.phone, row.is_default) == ("+8613800138000", True)


def test_a_newer_address_takes_over_only_when_asked(hers: PageClient, mei: Member) -> None:
    add(hers)
    add(hers, recipient="Second")
    assert [(a.recipient, a.is_default) for a in queries.addresses(mei.id)] == [
        ("陈美", True),
        ("Second", False),
    ]
    add(hers, recipient="Third", is_default="y")
    assert queries.addresses(mei.id)[0].recipient == "Third"
    assert [a.is_default for a in queries.addresses(mei.id)] == [True, False, False]


def test_a_member_edits_an_address(hers: PageClient, mei: Member) -> None:
    add(hers)
    [row] = queries.addresses(mei.id)
    form = hers.get(f"/account/addresses/{row.id}")
    assert form.value("recipient") == "陈美"
    hers.post(f"/account/addresses/{row.id}", {**HOME, "line2": "5 楼"})
    assert queries.addresses(mei.id)[0].line2 == "5 楼"


def test_deleting_can_be_undone(hers: PageClient, mei: Member) -> None:
    add(hers)
    [row] = queries.addresses(mei.id)
    done = hers.post(f"/account/addresses/{row.id}/delete", page="/account/addresses")
    after = hers.get(done.response.headers["Location"])
    assert "The address is deleted." in after.text
    assert queries.addresses(mei.id) == []
    hers.post(f"/account/addresses/{row.id}/restore", page="/account/addresses")
    assert [a.is_default for a in queries.addresses(mei.id)] == [True]


def test_when_the_default_is_deleted_the_newest_takes_its_place(hers: PageClient, mei: Member) -> None:
    for name in ("First", "Second", "Third"):
        add(hers, recipient=name)
    first = queries.addresses(mei.id)[0]
    hers.post(f"/account/addresses/{first.id}/delete", page="/account/addresses")
    assert [(a.recipient, a.is_default) for a in queries.addresses(mei.id)] == [
        ("Third", True),
        ("Second", False),
    ]


@pytest.mark.parametrize("verb", ["", "/default", "/delete", "/restore"])
def test_another_members_address_does_not_exist(
    app: Flask, hers: PageClient, zoe: Member, mei: Member, verb: str
) -> None:
    theirs = PageClient(app)
    theirs.sign_in(zoe.email)
    theirs.post("/account/addresses/new", HOME)
    [row] = queries.addresses(zoe.id)
    if not verb:
        hers.get(f"/account/addresses/{row.id}", status=404)
    hers.post(
        f"/account/addresses/{row.id}{verb}",
        {**HOME, "line2": "mine now"},
        page="/account/addresses",
        status=404,
    )
    assert queries.addresses(zoe.id) == [row]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"phone": "12"}, "cannot call this number"),
        ({"phone": "１２３"}, "cannot call this number"),
        ({"recipient": ""}, "Please fill this in."),
        ({"line1": "x" * 161}, "no more than 160 characters"),
        ({"country": "XX"}, "Please choose one of the options."),
    ],
)
def test_a_refused_address_says_why_and_loses_nothing(
    hers: PageClient, mei: Member, changes: dict[str, str], told: str
) -> None:
    refused = hers.post("/account/addresses/new", {**HOME, **changes}, status=422)
    assert told in refused.text
    assert refused.value("line2") == "3 楼"
    assert queries.addresses(mei.id) == []


@pytest.mark.parametrize(
    ("country", "phone", "postcode", "odd"),
    [
        ("CN", "13800138000", "2000", True),
        ("CN", "13800138000", "", False),
        ("HK", "21234567", "", False),
        ("GB", "020 7946 0018", "EC1A 1BB", False),
        ("GB", "020 7946 0018", "12345", True),
        ("BR", "11 96123 4567", "01000-000", False),
    ],
)
def test_an_unusual_postcode_is_pointed_out_and_still_saved(
    hers: PageClient, mei: Member, country: str, phone: str, postcode: str, odd: bool
) -> None:
    shown = add(hers, country=country, phone=phone, postcode=postcode)
    assert len(queries.addresses(mei.id)) == 1
    assert ("Is the postcode right?" in shown.text) is odd


@pytest.mark.parametrize("number", ["0", str(2**63), "9" * 30, "-1", "x"])
def test_a_number_that_no_address_has_is_not_found(hers: PageClient, number: str) -> None:
    hers.get(f"/account/addresses/{number}", status=404)


def test_a_full_address_book_says_so(hers: PageClient, mei: Member) -> None:
    for _ in range(book.MOST):
        hers.post("/account/addresses/new", HOME)
    assert "the most there can be" in hers.get("/account/addresses").text
    hers.post("/account/addresses/new", HOME, status=409)


def test_markup_in_an_address_is_shown_as_text(hers: PageClient) -> None:
    assert "<b>x</b> & y" in add(hers, line1="<b>x</b> & y").text


def place_fields(page: Page) -> list[str]:
    """The names of the controls of the place, in the order of the page."""
    names = ("country", "region", "city", "district", "line1", "line2", "postcode")
    controls = (e for e in page.root.iter() if e.tag in ("input", "select"))
    return [e.get("name", "") for e in controls if e.get("name") in names]


def test_a_chinese_address_is_asked_for_from_the_province_to_the_street(hers: PageClient) -> None:
    form = hers.get("/account/addresses/new")
    assert place_fields(form) == ["country", "region", "city", "district", "line1", "line2", "postcode"]
    british = hers.post("/account/addresses/new", {"country": "GB"}, status=422)
    assert place_fields(british) == ["country", "line1", "line2", "city", "district", "region", "postcode"]


def test_china_needs_its_province_and_singapore_none(hers: PageClient, mei: Member) -> None:
    refused = hers.post("/account/addresses/new", {**HOME, "region": ""}, status=422)
    assert "Please name the province." in refused.text
    place = {
        "country": "SG",
        "region": "",
        "city": "Singapore",
        "postcode": "018956",
        "phone": "+65 6123 4567",
    }
    add(hers, **place)
    assert [row.region for row in queries.addresses(mei.id)] == [""]


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        (
            {"region": "广东省", "city": "深圳市", "district": "福田区", "line1": "福中三路 1006 号", "line2": ""},
            ["China 200040", "广东省深圳市福田区", "福中三路 1006 号"],
        ),
        ({"district": "静安区", "line1": "南京西路 100 号"}, ["China 200040", "上海市静安区", "南京西路 100 号 3 楼"]),
        (
            {"region": "Shanghai", "city": "Shanghai", "district": "Xuhui District", "line1": "Wukang Road 115", "line2": ""},
            ["Wukang Road 115", "200040 Xuhui District, Shanghai", "China"],
        ),
        (
            {"country": "US", "region": "CA", "city": "Davis", "district": "", "line1": "1 Shields Ave", "line2": "", "postcode": "95616"},
            ["1 Shields Ave", "95616 Davis, CA", "United States"],
        ),
    ],
)  # fmt: skip
def test_an_address_is_written_as_its_country_writes_it(
    app: Flask, changes: dict[str, str], lines: list[str]
) -> None:
    with app.test_request_context():
        assert address_lines({**HOME, **changes}) == lines


def test_an_order_from_before_there_were_districts_has_its_address_all_the_same(app: Flask) -> None:
    with app.test_request_context():
        assert address_lines(HOME) == ["China 200040", "上海市", "静安区南京西路 100 号 3 楼"]
        assert address_line(HOME) == "China 200040 上海市 静安区南京西路 100 号 3 楼"


def test_the_district_is_kept_and_shown(hers: PageClient, mei: Member) -> None:
    shown = add(hers, district="静安区", line1="南京西路 100 号")
    assert "上海市静安区" in shown.text
    [row] = queries.addresses(mei.id)
    assert row.district == "静安区"
    assert hers.get(f"/account/addresses/{row.id}").value("district") == "静安区"
