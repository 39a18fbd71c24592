"""`mall codes`: what is imported, what is said, and what is never said."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from mall.cli import main
from mall.core.cipher import Cipher, derived_key, new_key, sound_key
from mall.core.db import db, transaction
from mall.domain.items.code_models import Code
from mall.domain.items.stock_models import Stock
from tests.support.codes_factory import make_pool, secret
from tests.support.items_factory import make_item


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(main.commands["codes"], list(words))


@pytest.fixture
def sku(app: Flask) -> str:
    """A digital variant without codes."""
    with transaction():
        make_item("Voucher", stock=0, kind="digital", sku="FILM-1")
    return "FILM-1"


def file(folder: Path, text: str, name: str = "codes.txt") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_file_is_imported_once(app: Flask, sku: str, tmp_path: Path) -> None:
    path = file(tmp_path, "".join(f"{secret(n)}\n" for n in range(30)))
    first = run(app, "import", sku, path)
    assert first.exit_code == 0, first.output
    told = json.loads(first.stdout.splitlines()[-1])
    assert (told["read"], told["added"], told["refused"]) == (30, 30, 0)
    again = run(app, "import", sku, path)
    assert again.exit_code == 1
    assert "line 7: the code is in the pool already" in again.stderr
    assert json.loads(again.stdout.splitlines()[-1])["added"] == 0
    assert db.session.scalar(sa.select(Stock.available)) == 30
    for said in (first.output, again.output):
        assert "Q7ZK" not in said


def test_good_rows_are_kept_and_bad_ones_named(app: Flask, sku: str, tmp_path: Path) -> None:
    path = file(
        tmp_path, "code,pin,expires\nA-1,12,\nA-1,,\n,9,\nB-2,,2020-01-01\nC-3,,2031-05-05\n", "c.csv"
    )
    done = run(app, "import", sku, path)
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "line 3: the same code is in line 2",
        "line 4: there is no code in it",
        "line 5: it has expired",
    ]
    assert json.loads(done.stdout.splitlines()[-1])["added"] == 2


def test_a_dry_run_changes_nothing(app: Flask, sku: str, tmp_path: Path) -> None:
    done = run(app, "import", sku, file(tmp_path, "A-1\n"), "--dry-run")
    assert done.exit_code == 0
    assert "nothing was changed" in done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"read": 1, "added": 1, "refused": 0, "batch": None}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Code)) == 0


@pytest.mark.parametrize("asked", ["NONE-1", "x' OR '1'='1", "'; DROP TABLE code; --"])
def test_an_unknown_sku_is_an_error(app: Flask, asked: str, tmp_path: Path) -> None:
    done = run(app, "import", asked, file(tmp_path, "A-1\n"))
    assert done.exit_code == 1
    assert "We cannot find that item." in done.output


def test_what_is_no_text_is_an_error(app: Flask, sku: str, tmp_path: Path) -> None:
    path = tmp_path / "codes.bin"
    path.write_bytes(b"\0\1\2")
    done = run(app, "import", sku, str(path))
    assert done.exit_code == 1
    assert "codes.bin" in done.output


def test_keys_are_changed_without_losing_a_code(app: Flask, at: datetime) -> None:
    old, new = derived_key("t" * 40), new_key()
    with transaction():
        make_pool(5, at=at)
    before = app.extensions["codes"]
    try:
        app.extensions["codes"] = Cipher([new, old])
        assert json.loads(run(app, "rotate").stdout) == {"changed": 5}
        assert json.loads(run(app, "rotate").stdout) == {"changed": 0}
        app.extensions["codes"] = Cipher([new_key()])
        lost = run(app, "rotate")
        assert lost.exit_code == 1
        assert "no key in MALL_CODE_KEY reads this" in lost.output
    finally:
        app.extensions["codes"] = before
    ring = Cipher([new])
    assert {
        json.loads(ring.decrypt(text))["code"] for text in db.session.scalars(sa.select(Code.ciphertext))
    } == {secret(n) for n in range(5)}


def test_two_step_sign_in_stays_with_the_last_key(app: Flask) -> None:
    from mall.account.security import _config

    one, two = new_key(), new_key()
    settings = app.config["SETTINGS"]
    before = _config(replace(settings, code_key=one), testing=True)
    after = _config(replace(settings, code_key=f"{two},{one}"), testing=True)
    assert before["SECURITY_TOTP_SECRETS"] == after["SECURITY_TOTP_SECRETS"]


def test_a_new_key_is_a_sound_one(app: Flask) -> None:
    assert sound_key(run(app, "key").stdout.strip())
