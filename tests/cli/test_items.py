"""`mall items import`: what it prints, and when it fails."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from mall.cli import main
from mall.core.db import transaction
from tests.items.test_importing import CUP, table
from tests.items.test_pictures import photo
from tests.support.items_factory import make_category


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> Any:
    """Write a file and hand it to the command; the category `audio` is there."""
    with transaction():
        make_category("audio")

    def call(data: bytes, *options: str, command: str = "import") -> Result:
        file = tmp_path / "items.csv"
        file.write_bytes(data)
        return app.test_cli_runner().invoke(main, ["items", command, str(file), *options])

    return call


def summary(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return found


def test_a_sound_file_is_imported_and_counted(run: Any) -> None:
    result = run(table(CUP))
    assert result.exit_code == 0, result.output
    assert summary(result) == {
        "read": 1, "created": 1, "updated": 0, "unchanged": 0, "variants_created": 1, "refused": 0, "saved": True,
    }  # fmt: skip


def test_a_bad_row_is_named_and_nothing_is_kept(run: Any) -> None:
    data = table(CUP, {**CUP, "sku": "CUP-2", "points": "free"})
    result = run(data)
    assert result.exit_code == 1
    assert "row 3, points: “free” is not a whole number" in result.stderr
    assert summary(result)["saved"] is False
    kept = run(data, "--partial")
    assert kept.exit_code == 1
    assert (summary(kept)["created"], summary(kept)["refused"], summary(kept)["saved"]) == (1, 1, True)


def test_a_dry_run_changes_nothing(run: Any) -> None:
    assert summary(run(table(CUP), "--dry-run"))["created"] == 1
    assert summary(run(table(CUP)))["created"] == 1


def test_a_file_that_is_no_table(run: Any) -> None:
    result = run(b"\0\1\2")
    assert result.exit_code == 1
    assert "cannot be read" in result.stderr


def test_pictures_categories_and_the_index(run: Any, app: Flask, tmp_path: Path) -> None:
    (tmp_path / "cup.jpg").write_bytes(photo())
    shelf = table({"slug": "tea", "name_en": "Tea"})
    assert summary(run(shelf, command="import-categories"))["created"] == 1
    result = run(table({**CUP, "category": "tea", "pictures": "cup"}), "--pictures", str(tmp_path))
    assert result.exit_code == 0, result.output
    assert len(list(app.config["SETTINGS"].media_dir.glob("*.webp"))) >= 3
    again = app.test_cli_runner().invoke(main, ["items", "reindex"])
    assert summary(again) == {"indexed": 1, "live": 1}
