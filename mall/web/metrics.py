"""Figures for Prometheus. Counted in files under PROMETHEUS_MULTIPROC_DIR where several processes serve (mall serve)."""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from mall.core import clock
from mall.domain.ledger.totals import totals
from mall.domain.orders import desk
from mall.domain.outbox import queries as outbox

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
#: Sums over whole tables are read at most this often in a process, in seconds.
_SUMS_EVERY = 60.0

_registry = CollectorRegistry()
REQUESTS = Counter("mall_requests", "Answers given", ("method", "route", "status"), registry=_registry)
SECONDS = Histogram(
    "mall_request_seconds", "Time to an answer", ("route",), buckets=_BUCKETS, registry=_registry
)
REFUSALS = Counter("mall_refusals", "Refusals by their code", ("code",), registry=_registry)


def init_app(app: Flask) -> None:
    """Count every answer."""

    @app.after_request
    def _count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "unknown"
        _answers(_method(), route, response.status_code).inc()
        if "began" in g:
            _seconds(route).observe(time.perf_counter() - g.began)
        return response


@cache
def _answers(method: str, route: str, status: int) -> Counter:
    return REQUESTS.labels(method, route, status)


@cache
def _seconds(route: str) -> Histogram:
    return SECONDS.labels(route)


def _method() -> str:
    """Anybody may send a method of their own; each would be a series of its own."""
    return request.method if request.method in {"GET", "HEAD", "POST", "OPTIONS"} else "other"


def exposition() -> bytes:
    """All figures in Prometheus' text format: of all processes, and of the database."""
    registry = _registry
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # prometheus-client leaves it untyped
    told = CollectorRegistry()
    told.register(_BOOKS)
    return generate_latest(registry) + generate_latest(told)


@dataclass(eq=False)
class _Books(Collector):
    """What stands in the database: read when asked, so every process gives the same answer."""

    sums: list[tuple[str, str, dict[str, int]]] = field(default_factory=list)
    read_at: float = float("-inf")

    def collect(self) -> Iterable[Metric]:
        backlog = outbox.backlog(clock.now())
        yield _gauge("mall_outbox_waiting", "Outbox messages not delivered yet", backlog.waiting)
        yield _gauge("mall_outbox_lag_seconds", "How late the oldest due message is", backlog.lag_seconds)
        yield _gauge("mall_outbox_dead", "Outbox messages given up", backlog.dead)
        for name, words, values in self._sums():
            family = GaugeMetricFamily(name, words, labels=["kind"])
            for kind, value in values.items():
                family.add_metric([kind], value)
            yield family

    def describe(self) -> Iterable[Metric]:
        return ()

    def _sums(self) -> list[tuple[str, str, dict[str, int]]]:
        if time.monotonic() - self.read_at > _SUMS_EVERY:
            self.sums, self.read_at = _read_sums(), time.monotonic()
        return self.sums


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)


def _read_sums() -> list[tuple[str, str, dict[str, int]]]:
    return [
        ("mall_points_outstanding", "Points owed to members", totals()),
        ("mall_orders", "Orders by state", desk.by_state()),
    ]


_BOOKS = _Books()
