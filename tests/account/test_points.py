"""The points page, the statement and the member's home: every point explained."""

import csv
import io
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from mall.core.actor import SYSTEM, as_member, as_staff
from mall.core.db import transaction
from mall.domain.earning.rules import Rate, expires_at, points_for
from mall.domain.ledger import service as ledger
from mall.domain.ledger.seal import seal
from mall.domain.ledger.service import Key, Ref
from mall.domain.members.models import Member
from mall.domain.orders import queries as orders
from mall.domain.orders.cancelling import cancel
from tests.support.items_factory import make_item
from tests.support.orders_factory import place_order
from tests.support.pages import PageClient

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def purchase(member: Member, n: int, amount: int, at: datetime, **kwargs: object) -> None:
    """A purchase of `amount` minor units, with its points as the import gives them."""
    given = points_for(amount, Rate())
    with transaction():
        ledger.earn(
            member.id,
            given.points,
            ref=Ref("purchase", f"shop/P-{n}"),
            key=Key("purchase:shop", f"{member.id}-{n}"),
            actor=SYSTEM,
            at=at,
            expires_at=expires_at(at, 12, "Asia/Shanghai"),
            details=given.as_json(),
            **kwargs,  # type: ignore[arg-type]
        )


def redeem(member: Member, points: int, at: datetime) -> str:
    """An order of that many points; its number."""
    with transaction():
        made = make_item(points=points)
    return place_order(member.id, (made.variant_id, 1), at=at).number


@pytest.fixture
def hers(pages: PageClient, mei: Member) -> PageClient:
    """Mei's browser, signed in."""
    pages.sign_in(mei.email)
    return pages


def test_a_purchase_says_what_was_spent_and_how_its_points_were_counted(
    hers: PageClient, mei: Member
) -> None:
    purchase(mei, 1, 1177, NOW - timedelta(days=10))
    shown = hers.get("/account/points").text
    assert "Points for a purchase" in shown
    assert "¥11.77 spent, 1 point for every ¥1.00, rounded down." in shown
    assert "Purchase P-1" in shown
    assert "11 points: new earned Nov 12, 2026 · valid until Nov 30, 2027" in shown


def test_an_order_says_which_points_it_used(hers: PageClient, mei: Member) -> None:
    purchase(mei, 1, 10_000, NOW - timedelta(days=200))
    purchase(mei, 2, 20_000, NOW - timedelta(days=100))
    number = redeem(mei, 150, NOW - timedelta(days=1))
    shown = hers.get("/account/points")
    assert "Exchanged for an order" in shown.text
    assert "100 points: spent earned May 6, 2026" in shown.text
    assert "50 points: spent earned Aug 14, 2026" in shown.text
    assert f"/orders/{number}" in shown.links()


def test_points_given_back_name_the_order_and_keep_their_dates(hers: PageClient, mei: Member) -> None:
    purchase(mei, 1, 10_000, NOW - timedelta(days=200))
    number = redeem(mei, 80, NOW - timedelta(days=3))
    order = orders.any_order(number, locale="en")
    with transaction():
        cancel(order.id, actor=SYSTEM, reason="test", at=NOW)
    shown = hers.get("/account/points").text
    assert "Given back from an order" in shown
    assert "80 points: given back earned May 6, 2026 · valid until May 31, 2027" in shown


def test_a_correction_shows_its_reason_and_the_page_stays_safe(
    hers: PageClient, mei: Member, sam: Member
) -> None:
    with transaction():
        ledger.adjust(
            mei.id,
            500,
            ref=Ref("adjustment", "1"),
            key=Key("adjustment", "1"),
            actor=as_staff(sam.id),
            at=NOW,
            note="<b>sorry</b> for the delay",
        )
    shown = hers.get("/account/points")
    assert "<b>sorry</b> for the delay" in shown.text
    assert "valid without end" in shown.text


def test_all_four_balances_are_shown(hers: PageClient, mei: Member) -> None:
    purchase(mei, 1, 50_000, NOW - timedelta(days=20))
    purchase(mei, 2, 7_000, NOW, activates_at=NOW + timedelta(days=14))
    with transaction():
        ledger.hold(
            mei.id, 120, ref=Ref("draw", "D-2"), key=Key("draw", "D-2"), actor=as_member(mei.id), at=NOW
        )
    shown = hers.get("/account/points").text
    assert "Available380" in shown
    assert "Pending70" in shown
    assert "Set aside120" in shown
    assert "Owed" not in shown


def test_what_was_taken_back_beyond_the_balance_is_owed_and_explained(hers: PageClient, mei: Member) -> None:
    purchase(mei, 1, 10_000, NOW - timedelta(days=20))
    redeem(mei, 90, NOW - timedelta(days=2))
    with transaction():
        ledger.reverse(
            mei.id,
            None,
            of=Ref("purchase", "shop/P-1"),
            ref=Ref("purchase", "shop/P-1"),
            key=Key("return", "1"),
            actor=SYSTEM,
            at=NOW,
        )
    shown = hers.get("/account/points").text
    assert "Taken back: a purchase was returned" in shown
    assert "90 points more were taken back than you had" in shown
    assert "Owed90" in shown


def test_the_calendar_adds_up_what_expires_together_and_names_the_last_good_day(
    hers: PageClient, mei: Member
) -> None:
    purchase(mei, 1, 10_000, datetime(2026, 3, 2, tzinfo=UTC))
    purchase(mei, 2, 5_000, datetime(2026, 3, 20, tzinfo=UTC))
    purchase(mei, 3, 3_000, datetime(2026, 5, 20, tzinfo=UTC))
    shown = hers.get("/account/points").text
    assert "Mar 31, 2027 in 4 months150 points" in shown
    assert "May 31, 2027 in 6 months30 points" in shown


def test_points_whose_time_is_over_are_not_counted_even_before_the_sweep(
    hers: PageClient, mei: Member
) -> None:
    purchase(mei, 1, 10_000, NOW - timedelta(days=300))
    with time_machine.travel(NOW + timedelta(days=200), tick=False):
        hers.sign_in(mei.email)
        assert "Available0" in hers.get("/account/points").text


@pytest.mark.parametrize("n", [0, 1, 30, 31, 75])
def test_the_history_goes_page_by_page_and_loses_nothing(hers: PageClient, mei: Member, n: int) -> None:
    for i in range(n):
        purchase(mei, i, 100_00 + i, NOW - timedelta(days=90) + timedelta(hours=i))
    url, seen = "/account/points", []
    while url:
        page = hers.get(url)
        seen += [int(x) for x in re.findall(r'id="entry-(\d+)"', page.html)]
        url = next((link for link in page.links() if "before=" in link), "")
    assert seen == list(range(n, 0, -1))


def test_htmx_gets_the_rows_alone_and_costs_no_more_than_it_must(hers: PageClient, mei: Member) -> None:
    for i in range(35):
        purchase(mei, i, 100_00, NOW - timedelta(days=40) + timedelta(hours=i))
    seen = hers._send("GET", "/account/points?before=6", headers={"HX-Request": "true"})
    assert seen.status == 200
    assert "<html" not in seen.html
    assert re.findall(r'id="entry-(\d+)"', seen.html) == ["5", "4", "3", "2", "1"]
    assert len(seen.queries) == 2


@pytest.mark.parametrize("before", ["0", "-5", "x", "9" * 30, "１"])
def test_a_strange_place_in_the_history_is_no_error(hers: PageClient, mei: Member, before: str) -> None:
    purchase(mei, 1, 1177, NOW - timedelta(days=10))
    assert hers.client.get(f"/account/points?before={before}").status_code == 200


def test_nobody_sees_anothers_points(hers: PageClient, mei: Member, zoe: Member) -> None:
    purchase(zoe, 1, 777_00, NOW - timedelta(days=1))
    assert "777" not in hers.get("/account/points").text
    assert "777" not in hers.get("/account").text


def test_the_home_page_greets_and_says_what_expires_next(hers: PageClient, mei: Member) -> None:
    purchase(mei, 1, 123_400, datetime(2026, 3, 2, tzinfo=UTC))
    shown = hers.get("/account").text
    assert "Hello, Mei." in shown
    assert "1,234 points" in shown
    assert "valid until Mar 31, 2027" in shown


def test_staff_are_asked_to_protect_their_account_and_members_are_not(
    hers: PageClient, pages: PageClient, ivy: Member
) -> None:
    said = "protected by a password alone"
    assert said not in hers.get("/account").text
    hers.post("/account/sign-out", page="/account")
    hers.sign_in(ivy.email)
    page = hers.get("/admin")
    assert page.text.count(said) == 1
    assert "other people's points" not in page.text  # a merchandiser changes no points
    assert said not in hers.get("/account").text  # said once, where staff land


def statement(pages: PageClient, kind: str) -> bytes:
    answer = pages.client.get(f"/account/statement?format={kind}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="points-M-')
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.data


def test_the_statement_is_checked_by_a_program_that_knows_nothing_of_us(
    hers: PageClient, mei: Member, tmp_path: Path
) -> None:
    purchase(mei, 1, 50_000, NOW - timedelta(days=20))
    redeem(mei, 90, NOW - timedelta(days=2))
    with transaction():
        seal(NOW.date(), at=NOW)
    assert "verify-statement.py" in hers.get("/account/statement").text
    path = tmp_path / "statement.json"
    path.write_bytes(statement(hers, "json"))

    def check() -> int:
        program = [sys.executable, "-I", str(ROOT / "static" / "verify-statement.py"), str(path)]
        return subprocess.run(program, capture_output=True).returncode

    assert check() == 0
    told = json.loads(path.read_bytes())
    assert told["balance"]["available"] == 410
    path.write_bytes(path.read_bytes().replace(b"500", b"501"))
    assert check() != 0


def test_the_table_has_every_entry_in_order_and_runs_nothing(
    hers: PageClient, mei: Member, sam: Member
) -> None:
    for i in range(3):
        purchase(mei, i, 100_00, NOW - timedelta(days=3 - i))
    with transaction():
        ledger.adjust(
            mei.id,
            5,
            ref=Ref("adjustment", "1"),
            key=Key("adjustment", "1"),
            actor=as_staff(sam.id),
            at=NOW,
            note="=cmd()",
        )
    text = statement(hers, "csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["entry"] for row in rows] == ["1", "2", "3", "4"]
    assert [row["balance"] for row in rows] == ["100", "200", "300", "305"]
    assert rows[3]["note"] == "'=cmd()"
    assert sum(int(row["available"]) for row in rows) == 305


def test_a_statement_takes_signing_in(pages: PageClient) -> None:
    assert pages.client.get("/account/statement?format=json").status_code == 303
