"""For those who watch over the mall."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from mall.app import create_app
from mall.core.db import db, transaction
from mall.domain.members.models import Member
from tests.support.databases import settings_for
from tests.support.outbox_factory import NOON, put


def figures(client: FlaskClient) -> dict[str, float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    found = {}
    for family in text_string_to_metric_families(answer.get_data(as_text=True)):
        for sample in family.samples:
            key = sample.name + "".join(f",{k}={v}" for k, v in sorted(sample.labels.items()) if k != "le")
            found[key] = sample.value
    return found


def test_the_process_is_alive_whatever_the_database_does(
    client: FlaskClient, count_queries: list[str]
) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert count_queries == []


def test_ready_says_what_it_looked_at(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ready", "checks": {"database": "ok", "migrations": "ok", "queue": "ok"}}


def test_not_ready_before_the_migrations(fresh_app: Flask) -> None:
    with fresh_app.app_context(), transaction():
        db.session.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
    answer = fresh_app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert "mall db upgrade" in answer.json["checks"]["migrations"]
    with fresh_app.app_context(), transaction():
        db.session.execute(sa.text("DROP TABLE alembic_version"))
    assert fresh_app.test_client().get("/readyz").status_code == 503


def test_not_ready_without_a_database_and_says_so(tmp_path: Path) -> None:
    app = create_app(settings_for("postgresql://nobody@127.0.0.1:9/nothing", tmp_path))
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert "does not answer" in answer.json["checks"]["database"]
    assert "nobody" not in answer.get_data(as_text=True)
    assert app.test_client().get("/healthz").status_code == 200


def test_not_ready_without_its_redis(fresh_app: Flask) -> None:
    settings = fresh_app.config["SETTINGS"]
    fresh_app.config["SETTINGS"] = replace(settings, queue_url="redis://127.0.0.1:9/0")
    answer = fresh_app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert "Redis" in answer.json["checks"]["queue"]


def test_figures_count_answers_by_route_and_status(client: FlaskClient) -> None:
    series = "mall_requests_total,method=GET,route=/healthz,status=200"
    before = figures(client).get(series, 0)
    client.get("/healthz")
    client.get("/healthz")
    after = figures(client)
    assert after[series] == before + 2
    assert after["mall_request_seconds_count,route=/healthz"] >= 2


def test_addresses_that_somebody_invents_make_no_series(client: FlaskClient) -> None:
    client.get("/invented/1")
    client.open("/invented/2", method="BREW")
    text = client.get("/metrics").get_data(as_text=True)
    assert "invented" not in text
    assert "BREW" not in text


def test_figures_tell_the_outbox_and_the_points(client: FlaskClient, mei: Member) -> None:
    dead, *_ = put("a", "a", "a", at=NOON)
    with transaction():
        db.session.execute(
            sa.text("UPDATE outbox_message SET dead_at = created_at WHERE id = :id"), {"id": dead}
        )
    told = figures(client)
    assert told["mall_outbox_waiting"] == 2
    assert told["mall_outbox_dead"] == 1
    assert told["mall_outbox_lag_seconds"] >= 0
    assert "mall_points_outstanding,kind=available" in told


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_figures_are_not_for_whoever_comes_through_a_proxy(client: FlaskClient, header: str) -> None:
    assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


def test_figures_are_not_for_other_machines(client: FlaskClient) -> None:
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 404
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "::1"}).status_code == 200


def test_with_a_token_only_the_token_counts(fresh_app: Flask) -> None:
    fresh_app.config["SETTINGS"] = replace(fresh_app.config["SETTINGS"], metrics_token="m" * 24)
    client = fresh_app.test_client()
    right = {"Authorization": "Bearer " + "m" * 24}
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    assert (
        client.get("/metrics", headers=right, environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 200
    )
