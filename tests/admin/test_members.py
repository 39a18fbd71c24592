"""Members at the desk: looked up, explained, and put right with a reason, within limits, never one's own."""

import pytest

from mall.core import clock, ids
from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.domain.audit import queries as audit
from mall.domain.ledger import queries as ledger
from mall.domain.members.addresses import save_address
from mall.domain.members.models import Member
from mall.domain.orders import cancelling
from tests.support.items_factory import make_item
from tests.support.orders_factory import ADDRESS, give_points, place_order
from tests.support.pages import PageClient


@pytest.fixture
def rich(mei: Member) -> Member:
    """Mei with 5,000 points."""
    with transaction():
        give_points(mei.id, 5_000, at=clock.now())
    return mei


def adjust(pages: PageClient, member: Member, points: str, way: str = "give", status: int = 303, **more: str):  # type: ignore[no-untyped-def]
    """Send the form."""
    data = {"key": ids.token(), "way": way, "points": points, "reason": "Parcel came late", **more}
    url = f"/admin/members/{member.number}"
    return pages.post(f"{url}/points", data, page="/account/profile", status=status)


def balance(member: Member) -> int:
    """What the member can spend."""
    return ledger.balance(member.id, clock.now()).available


@pytest.mark.parametrize("by", ["email", "number", "name"])
def test_a_member_is_found_by_what_they_say(service: PageClient, mei: Member, zoe: Member, by: str) -> None:
    links = service.get("/admin/members", query_string={"q": getattr(mei, by)}).links()
    assert f"/admin/members/{mei.number}" in links
    assert f"/admin/members/{zoe.number}" not in links


def test_nobody_who_fits_is_said_in_words(service: PageClient) -> None:
    assert "Nobody fits" in service.get("/admin/members?q=nobody@example.com").text
    service.get("/admin/members?q=%00")
    service.get("/admin/members/M-0000-0000-0000", status=404)


def test_points_are_given_and_taken_with_a_reason_that_the_journal_shows(
    service: PageClient, rich: Member, sam: Member
) -> None:
    adjust(service, rich, "300")
    assert balance(rich) == 5_300
    adjust(service, rich, "1000", "take")
    assert balance(rich) == 4_300
    text = service.get(f"/admin/members/{rich.number}").text
    assert "Parcel came late" in text
    assert "−1,000" in text
    deeds = audit.trail(subject=("member", rich.id))
    assert [(deed.action, deed.actor_id, deed.reason) for deed in deeds] == [
        ("points.adjust", sam.id, "Parcel came late")
    ] * 2


def test_the_same_form_twice_gives_once(service: PageClient, rich: Member) -> None:
    key = ids.token()
    adjust(service, rich, "300", key=key)
    adjust(service, rich, "300", key=key)
    assert balance(rich) == 5_300
    assert len(audit.trail(subject=("member", rich.id))) == 1


def test_the_same_form_with_another_number_is_refused(service: PageClient, rich: Member) -> None:
    key = ids.token()
    adjust(service, rich, "300", key=key)
    adjust(service, rich, "400", status=409, key=key)
    assert balance(rich) == 5_300


def test_nobody_adjusts_their_own_points(service: PageClient, sam: Member) -> None:
    assert "your own points" in service.get(f"/admin/members/{sam.number}").text
    page = adjust(service, sam, "10", status=403)
    assert "own points" in page.text
    assert balance(sam) == 0


def test_above_the_limit_a_supervisor_is_needed(service: PageClient, rich: Member, lee: Member) -> None:
    page = adjust(service, rich, "5001", status=403)
    assert "up to 5,000 points" in page.text
    assert balance(rich) == 5_000
    service.client.delete_cookie("mall")
    service.sign_in("lee@example.com")
    adjust(service, rich, "5001")
    assert balance(rich) == 10_001


def test_many_small_adjustments_are_no_way_round_the_limit(
    service: PageClient, rich: Member, zoe: Member
) -> None:
    adjust(service, rich, "3000")
    adjust(service, zoe, "1500")
    page = adjust(service, zoe, "501", status=403)
    assert "500 are left" in page.text
    adjust(service, zoe, "500")
    adjust(service, rich, "1", "take", status=403)
    assert (balance(rich), balance(zoe)) == (8_000, 2_000)


def test_a_reason_is_needed(service: PageClient, rich: Member) -> None:
    assert "why in a few words" in adjust(service, rich, "10", status=422, reason="x").text
    assert balance(rich) == 5_000


@pytest.mark.parametrize("points", ["0", "-1", "1.5", "１００", "NaN", "9223372036854775808", ""])
def test_a_number_that_is_none_is_refused(service: PageClient, rich: Member, points: str) -> None:
    adjust(service, rich, points, status=422)
    assert balance(rich) == 5_000


def test_no_more_is_taken_than_there_is(service: PageClient, rich: Member, lee: Member) -> None:
    adjust(service, rich, "4999", "take")
    adjust(service, rich, "1", "take")
    with transaction():
        give_points(rich.id, 1, at=clock.now())
    service.client.delete_cookie("mall")
    service.sign_in("lee@example.com")
    adjust(service, rich, "2", "take", status=409)
    with transaction():
        give_points(rich.id, 4, at=clock.now())
    adjust(service, rich, "5", "take")
    assert balance(rich) == 0


def test_the_page_shows_addresses_the_language_in_words_and_what_was_cancelled(
    service: PageClient, rich: Member
) -> None:
    now = clock.now()
    with transaction() as session:
        session.get_one(Member, rich.id).language = "zh-Hant"
        save_address(rich.id, **ADDRESS, at=now)
        cup = make_item("Cup", points=300)
    kept = place_order(rich.id, (cup.variant_id, 1), at=now)
    gone = place_order(rich.id, (cup.variant_id, 2), at=now)
    with transaction():
        cancelling.cancel(gone.id, actor=SYSTEM, at=now, reason="Changed their mind")
    page = service.get(f"/admin/members/{rich.number}")
    assert "繁體中文" in page.text
    assert "zh-Hant" not in page.text
    assert "200031 Xuhui, Shanghai" in page.text
    rows = {
        next(a.get("href") for a in li.iter("a")): li for li in page.root.iter("li") if "Cup" in "".join(li.itertext())
    }  # fmt: skip
    over = rows[f"/admin/orders/{gone.number}"]
    assert over.get("class") == "is-over"
    assert "Cancelled" in "".join(over.itertext())
    assert "600 points back" in "".join(over.itertext())
    assert rows[f"/admin/orders/{kept.number}"].get("class") is None
