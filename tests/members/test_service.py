"""The verbs that write members."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from mall.core.db import db, transaction
from mall.core.errors import NotFound
from mall.core.ids import MemberId
from mall.domain.members import queries, service
from mall.domain.members.errors import EmailTaken, NoSuchRole
from mall.domain.members.models import Member
from mall.domain.members.service import NewMember

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def make(email: str | None = "a@example.com", **kwargs: object) -> Member:
    return service.create(email=email, name="A", language="en", at=AT, **kwargs)  # type: ignore[arg-type]


def test_a_member_gets_a_number_that_tells_nothing(app: Flask) -> None:
    with transaction():
        numbers = {make(f"{n}@example.com").number for n in range(20)}
    assert len(numbers) == 20
    assert all(len(number) == 16 and number.startswith("M-") for number in numbers)


def test_an_address_belongs_to_one_member_in_any_spelling_and_the_transaction_goes_on(app: Flask) -> None:
    with transaction():
        make("a@example.com")
        with pytest.raises(EmailTaken):
            make("A@Example.com")
        make("b@example.com")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Member)) == 2


def test_members_of_an_import_need_no_address(app: Flask) -> None:
    with transaction():
        made = service.create_many(
            [NewMember("1"), NewMember("2", email="two@example.com", name="Two", birthday=date(1990, 5, 1))],
            at=AT,
        )
    assert queries.ids_by_external_id(["1", "2", "3"]) == made
    assert queries.profile(made["2"]).birthday == date(1990, 5, 1)


def test_an_import_may_be_larger_than_one_statement(app: Flask) -> None:
    rows = [NewMember(f"x{n}") for n in range(4_500)]
    with transaction():
        made = service.create_many(rows, at=AT)
    assert len(made) == 4_500
    assert queries.ids_by_external_id([row.external_id for row in rows]) == made


def test_an_import_refuses_an_external_id_twice(app: Flask) -> None:
    with pytest.raises(IntegrityError), transaction():
        service.create_many([NewMember("1"), NewMember("1")], at=AT)


def test_an_update_writes_what_it_is_given_and_empties_nothing(app: Flask) -> None:
    with transaction():
        made = service.create_many([NewMember("1", name="Old", phone="+8613800138000")], at=AT)
        found = service.update_many([NewMember("1", name="New"), NewMember("nobody", name="X")], at=AT)
    assert found == 1
    kept = queries.profile(made["1"])
    assert (kept.name, kept.phone) == ("New", "+8613800138000")


def test_a_change_of_roles_ends_the_sessions(app: Flask, ivy: Member) -> None:
    session = ivy.fs_uniquifier
    with transaction():
        service.set_roles(ivy.id, ["finance"])
    assert queries.signed_in(session) is None


def test_a_role_that_does_not_exist_is_refused(app: Flask, ivy: Member) -> None:
    with pytest.raises(NoSuchRole), transaction():
        service.set_roles(ivy.id, ["finance", "emperor"])


def test_who_is_signed_in_is_one_statement_however_many_roles(
    app: Flask, ada: Member, count_queries: list[str]
) -> None:
    with transaction():
        uniquifier = service.set_roles(ada.id, ["administrator", "finance", "service"]).fs_uniquifier
    count_queries.clear()
    who = queries.signed_in(uniquifier)
    assert who is not None
    assert who.role_names == {"administrator", "finance", "service"}
    assert len(count_queries) == 1


def test_a_blocked_member_is_not_signed_in(app: Flask, mei: Member) -> None:
    with transaction():
        service.find(mei.id).active = False
    assert queries.signed_in(mei.fs_uniquifier) is None


def test_nobody_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound), transaction():
        service.find(MemberId(10**9))


@pytest.mark.parametrize("values", [{"email": ""}, {"gender": "robot"}])
def test_the_database_itself_refuses_nonsense(app: Flask, mei: Member, values: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(sa.update(Member).where(Member.id == mei.id).values(**values))
