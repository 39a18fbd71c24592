"""Where the worker keeps its schedule: a file by default, Redis or PostgreSQL by setting."""

import os
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from huey import PostgresHuey, RedisHuey, SqliteHuey

from mall.config import BadSettings, Settings
from mall.worker.consumer import queue


def with_queue(app: Flask, url: str) -> Flask:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], queue_url=url)
    return app


def test_a_file_by_default(fresh_app: Flask) -> None:
    made = queue(fresh_app)
    try:
        assert isinstance(made, SqliteHuey)
    finally:
        made.storage.close()


def test_redis_by_setting(fresh_app: Flask) -> None:
    assert isinstance(queue(with_queue(fresh_app, "redis://127.0.0.1:9/0")), RedisHuey)


def test_postgresql_by_setting_keeps_what_is_put_into_it(fresh_app: Flask) -> None:
    """Of a run on SQLite, that the setting leads there: nobody answers."""
    url = os.environ.get("MALL_TEST_SERVER")
    if url is None:
        with pytest.raises(psycopg.OperationalError):
            queue(with_queue(fresh_app, "postgresql://mall@127.0.0.1:9/none"))
        return
    made = queue(with_queue(fresh_app, url))
    try:
        assert isinstance(made, PostgresHuey)
        task = made.task(name="ping")(lambda: None)
        task()
        assert made.pending_count() == 1
        made.flush()
    finally:
        made.storage.close()


@pytest.mark.parametrize("url", ["mysql://x", "amqp://x", "nonsense"])
def test_other_places_are_refused_by_name(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="MALL_QUEUE_URL must start with"):
        Settings.from_env({"MALL_ENV": "test", "MALL_VAR_DIR": str(tmp_path), "MALL_QUEUE_URL": url})


def test_it_goes_where_the_rate_limits_go_unless_it_says_otherwise(tmp_path: Path) -> None:
    env = {"MALL_ENV": "test", "MALL_VAR_DIR": str(tmp_path), "MALL_REDIS_URL": "redis://one"}
    assert Settings.from_env(env).queue_url == "redis://one"
    both = {**env, "MALL_QUEUE_URL": "postgresql://two"}
    assert (Settings.from_env(both).queue_url, Settings.from_env(both).redis_url) == (
        "postgresql://two",
        "redis://one",
    )
