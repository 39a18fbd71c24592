"""Reads that are compiled once say what the session's would, and see what it would."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import bindparam

from mall.core import partial
from mall.core.db import Base, UtcDateTime, db, transaction
from mall.core.reading import Reading
from mall.domain.members.models import Member

_OWN = sa.select(
    Member.id, Member.name, Member.active, Member.confirmed_at, Member.created_at, Member.tf_totp_secret.is_(None),
    sa.literal_column("'100 % sure'", sa.String()),
).where(Member.id == bindparam("member"), Member.created_at <= bindparam("at", type_=UtcDateTime()))  # fmt: skip


def test_rows_are_the_sessions_rows_with_their_types(app: Flask, mei: Member) -> None:
    values = {"member": mei.id, "at": datetime.now(UTC)}
    (row,) = Reading(_OWN).rows(values)
    assert tuple(row) == tuple(db.session.execute(_OWN, values).one())
    assert row[2] is True
    assert row[4].tzinfo is UTC


def test_nothing_found_is_no_rows(app: Flask) -> None:
    assert list(Reading(_OWN).rows({"member": 0, "at": datetime.now(UTC)})) == []


def test_json_is_read_as_what_was_written(app: Flask) -> None:
    tier = Base.metadata.tables["tier"]
    names = sa.select(tier.c.code, tier.c.name).order_by(tier.c.rank)
    assert [tuple(row) for row in Reading(names).rows({})] == [tuple(r) for r in db.session.execute(names)]


def test_one_reading_takes_other_values_each_time(app: Flask, mei: Member, ben: Member) -> None:
    reading, at = Reading(_OWN), datetime.now(UTC)
    assert [reading.rows({"member": who.id, "at": at})[0][1] for who in (mei, ben, mei)] == [
        mei.name, ben.name, mei.name,
    ]  # fmt: skip


def test_it_sees_what_its_transaction_has_yet_to_write(app: Flask, mei: Member) -> None:
    with transaction() as session:
        session.get_one(Member, mei.id).name = "Mei the Second"
        (row,) = Reading(_OWN).rows({"member": mei.id, "at": datetime.now(UTC)})
    assert row[1] == "Mei the Second"


@pytest.mark.parametrize("values", [{}, {"member": 1}])
def test_a_value_that_is_missing_is_refused(app: Flask, values: dict[str, Any]) -> None:
    with pytest.raises(KeyError):
        Reading(_OWN).rows(values)


def test_an_instant_without_a_zone_is_refused_as_everywhere(app: Flask) -> None:
    with pytest.raises(ValueError, match="naive"):
        Reading(_OWN).rows({"member": 1, "at": datetime(2026, 1, 1)})  # noqa: DTZ001


def test_a_list_of_values_is_refused(app: Flask) -> None:
    among = sa.select(Member.id).where(Member.id.in_(bindparam("ids", expanding=True)))
    with pytest.raises(ValueError, match="a list as a value"):
        Reading(among).rows({"ids": [1, 2]})


@pytest.mark.parametrize("condition", [
    partial.equals(Member.name, "Mei"), partial.differs(Member.name, "Mei"), partial.among(Member.name, "Mei", "Ben"),
])  # fmt: skip
def test_a_value_in_the_statement_itself_is_refused(app: Flask, condition: sa.ColumnElement[bool]) -> None:
    with pytest.raises(ValueError, match="in the statement itself"):
        Reading(sa.select(Member.id).where(condition)).rows({})
