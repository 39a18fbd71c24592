"""The messages page: newest first, page by page, read by the member's own act."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from mall.core.db import db, transaction
from mall.domain.members.models import Member
from mall.domain.notifications import queries, service
from mall.domain.notifications.models import Message
from tests.support.pages import PageClient

PATH = "/account/messages"


def tell(member: Member, at: datetime, count: int = 1, kind: str = "order.placed") -> None:
    with transaction():
        for n in range(count):
            data = {"order_id": n, "number": f"R-{n:04}", "points": 1500 + n}
            when = at + timedelta(minutes=n)
            service.tell(member.id, kind, data, at=when, message_id=member.id * 1000 + n)


def test_guests_are_asked_to_sign_in(pages: PageClient) -> None:
    answer = pages.client.get(PATH)
    assert answer.status_code in {302, 303}
    assert "/account/sign-in" in answer.location


def test_an_empty_inbox_says_what_will_come(pages: PageClient, mei: Member) -> None:
    pages.sign_in(mei.email)
    assert "No messages yet" in pages.get(PATH).text


def test_messages_show_newest_first_and_the_badge_counts_the_unread(
    pages: PageClient, mei: Member, zoe: Member, at: datetime
) -> None:
    tell(mei, at, 3)
    tell(zoe, at)
    pages.sign_in(mei.email)
    page = pages.get(PATH)
    assert page.text.index("R-0002") < page.text.index("R-0001") < page.text.index("R-0000")
    assert "1,502 points were redeemed" in page.text
    assert "3 new messages" in page.text
    pages.post(f"{PATH}/read", {"up_to": page.value("up_to")}, page=PATH)
    assert "new message" not in pages.get(PATH).text


def test_a_long_inbox_comes_page_by_page_in_as_many_queries(
    pages: PageClient, mei: Member, at: datetime
) -> None:
    tell(mei, at, 45)
    pages.sign_in(mei.email)
    first = pages.get(PATH)
    few = len(first.queries)
    seen, url = [], PATH
    for _ in range(3):
        page = pages.get(url)
        assert len(page.queries) <= few
        seen += [word for word in page.text.split() if word.startswith("R-")]
        url = next((link for link in page.links() if "before=" in link), "")
    assert url == ""
    assert seen == [f"R-{n:04}" for n in reversed(range(45))]


def test_htmx_gets_only_the_next_stretch(pages: PageClient, mei: Member, at: datetime) -> None:
    tell(mei, at, 25)
    pages.sign_in(mei.email)
    answer = pages.client.get(PATH + "?before=5", headers={"HX-Request": "true"})
    assert answer.get_data(as_text=True).lstrip().startswith("<ol")
    assert "HX-Request" in answer.headers["Vary"]


def test_opening_marks_one_as_read_and_leads_to_the_order(
    pages: PageClient, mei: Member, at: datetime
) -> None:
    tell(mei, at, 2)
    pages.sign_in(mei.email)
    newest, _older = queries.inbox(mei.id)
    assert "See the order" in pages.get(PATH).text
    answer = pages.post(f"{PATH}/{newest.id}/open", page=PATH)
    assert answer.response.location == "/orders/R-0001"
    assert [row.read_at is None for row in queries.inbox(mei.id)] == [False, True]


def test_anothers_message_is_not_there(pages: PageClient, mei: Member, zoe: Member, at: datetime) -> None:
    tell(mei, at)
    tell(zoe, at)
    (theirs,) = queries.inbox(mei.id)
    pages.sign_in(zoe.email)
    pages.post(f"{PATH}/{theirs.id}/open", page=PATH, status=404)
    assert queries.inbox(mei.id)[0].read_at is None


def test_a_kind_from_a_newer_release_does_not_break_the_page(
    pages: PageClient, mei: Member, at: datetime
) -> None:
    with transaction():
        values = {"member_id": mei.id, "outbox_id": 1, "kind": "future.kind", "data": {}, "created_at": at}
        db.session.execute(sa.insert(Message).values(**values))
    pages.sign_in(mei.email)
    assert "News" in pages.get(PATH).text


@pytest.mark.parametrize("before", ["-1", "0", "x", "99999999999999999999"])
def test_a_forged_position_is_no_error(pages: PageClient, mei: Member, before: str) -> None:
    pages.sign_in(mei.email)
    pages.get(f"{PATH}?before={before}")


def test_a_number_that_no_row_can_have_is_not_found(pages: PageClient, mei: Member) -> None:
    pages.sign_in(mei.email)
    pages.post(f"{PATH}/99999999999999999999/open", page=PATH, status=404)
