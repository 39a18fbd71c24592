"""Import at the desk: looked through first, every bad row named, nothing half-imported."""

import io
import os
import time

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import Workbook

from mall.admin import uploads
from mall.core.db import db, transaction
from mall.domain.audit import queries as audit
from mall.domain.items.models import Item, Variant
from mall.domain.members.models import Member
from tests.support.items_factory import make_category
from tests.support.pages import PageClient

URL = "/admin/items/import"
HEAD = "slug,kind,category,sku,points,stock,name_en"


@pytest.fixture(autouse=True)
def _cups(desk: PageClient) -> None:
    with transaction():
        make_category("cups")


def table(*rows: str) -> bytes:
    """A CSV file."""
    return "\n".join([HEAD, *rows]).encode()


def good(n: int) -> str:
    """A sound row."""
    return f"mug-{n},goods,cups,MUG-{n},1800,5,Mug {n}"


def look(desk: PageClient, data: bytes, name: str = "items.csv", status: int = 200):  # type: ignore[no-untyped-def]
    """Send a file to be looked through."""
    return desk.post(
        URL, {"file": (io.BytesIO(data), name)}, status=status, content_type="multipart/form-data"
    )


def confirm(desk: PageClient, token: str, status: int = 303, **more: str):  # type: ignore[no-untyped-def]
    """Say yes."""
    return desk.post(f"{URL}/confirm", {"token": token, "name": "items.csv", **more}, page=URL, status=status)


def count() -> int:
    """How many items there are."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Item)) or 0


def test_a_file_is_looked_through_and_imported_when_that_was_seen(desk: PageClient, ivy: Member) -> None:
    page = look(desk, table(good(1), good(2)))
    assert count() == 0
    assert "New items2" in page.text.replace(" ", "").replace("Newitems", "New items")
    confirm(desk, page.value("token"))
    assert count() == 2
    record = audit.trail(action="item.import")[0]
    assert (record.actor_id, ("created", None, 2) in record.changes) == (ivy.id, True)


def test_the_same_confirmation_twice_imports_once(desk: PageClient) -> None:
    token = look(desk, table(good(1))).value("token")
    confirm(desk, token)
    assert "no longer here" in confirm(desk, token, 409).text
    assert (count(), len(audit.trail(action="item.import"))) == (1, 1)


def test_of_5000_rows_with_37_bad_ones_all_37_are_named_and_nothing_is_imported(desk: PageClient) -> None:
    rows = [good(n) for n in range(5_000)]
    bad = range(100, 100 + 37 * 100, 100)
    for n in bad:
        rows[n] = f"mug-{n},goods,cups,MUG-{n},many,5,Mug {n}"
    page = look(desk, table(*rows))
    lines = [
        int(th.text) for th in page.root.iter("th") if th.get("scope") == "row" and (th.text or "").isdigit()
    ]
    assert lines == [n + 2 for n in bad]
    assert "37 problems" in page.text
    assert count() == 0


def test_the_good_rows_are_kept_only_if_that_is_asked_for(desk: PageClient) -> None:
    page = look(desk, table(good(1), "mug-2,goods,cups,MUG-2,many,5,Mug", good(3)))
    token = page.value("token")
    assert confirm(desk, token, 409).status == 409
    assert count() == 0
    confirm(desk, token, partial="1")
    assert sorted(db.session.scalars(sa.select(Variant.sku))) == ["MUG-1", "MUG-3"]
    assert "1 row was left out" in desk.get("/admin/items").text


def test_a_spreadsheet_is_read_as_well(desk: PageClient) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEAD, good(1)):
        sheet.append(row.split(","))
    out = io.BytesIO()
    book.save(out)
    confirm(desk, look(desk, out.getvalue(), "items.xlsx").value("token"))
    assert count() == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "empty"), (b"\x00\x01\x02", "not a text file"), (b"PK\x03\x04broken", "not a sound XLSX")],
)
def test_a_file_that_is_no_table_is_refused_in_words(desk: PageClient, data: bytes, said: str) -> None:
    assert said in look(desk, data, status=422).text


def test_missing_columns_are_named_and_there_is_nothing_to_confirm(desk: PageClient) -> None:
    page = look(desk, b"slug,kind\nmug,goods\n")
    assert "This column is missing" in page.text
    assert "good rows" not in " ".join("".join(b.itertext()) for b in page.root.iter("button"))


def test_no_file_is_said(desk: PageClient) -> None:
    assert "choose a CSV" in desk.post(URL, {}, status=422).text


@pytest.mark.parametrize("token", ["", "../../etc/passwd", "A" * 22, "x" * 500])
def test_a_token_that_was_not_given_opens_nothing(desk: PageClient, token: str) -> None:
    assert "no longer here" in confirm(desk, token, 409).text


def test_anothers_file_is_not_there_for_me(desk: PageClient, app: Flask, ada: Member) -> None:
    token = look(desk, table(good(1))).value("token")
    other = PageClient(app)
    other.sign_in("ada@example.com")
    assert "no longer here" in confirm(other, token, 409).text
    assert count() == 0


def test_a_file_is_kept_for_an_hour(desk: PageClient, app: Flask, ivy: Member) -> None:
    token = look(desk, table(good(1))).value("token")
    path = app.config["SETTINGS"].var_dir / "uploads" / f"{ivy.id}-{token}"
    assert path.stat().st_mode & 0o777 == 0o600
    old = time.time() - uploads.KEPT_FOR - 5
    os.utime(path, (old, old))
    assert "no longer here" in confirm(desk, token, 409).text
    look(desk, table(good(2)))
    assert not path.exists()


def test_the_sample_can_be_imported_as_it_is(desk: PageClient) -> None:
    sample = desk.client.get(f"{URL}/sample.csv").data
    header = sample.decode("utf-8-sig").splitlines()[0].split(",")
    assert {"limit_per_order", "limit_per_day", "limit_ever"} <= set(header)
    page = look(desk, sample)
    assert "problem" not in page.text
    confirm(desk, page.value("token"))
    assert sorted(db.session.scalars(sa.select(Item.slug))) == ["sample-course", "sample-mug"]


def test_beside_the_problems_stands_what_the_good_rows_would_do(desk: PageClient) -> None:
    confirm(desk, look(desk, table(good(1), good(2))).value("token"))
    changed, bad = good(2).replace("1800", "1900"), good(4).replace("cups", "nowhere")
    page = look(desk, table(good(1), changed, good(3), bad))
    text = page.text.replace(" ", "")
    for said in ("Newitems1", "Changed1", "Astheywere1", "Rowsrefused1"):
        assert said in text
    assert "There is no category “nowhere”" in page.text
    confirm(desk, page.value("token"), partial="1")
    assert count() == 3
