"""Stripe's API: who asks, what for, whether it was asked before, and what goes wrong on purpose."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from devstripe import faults, idempotency, passing
from devstripe import parameters as p
from devstripe.endpoints import ENDPOINTS, Endpoint
from devstripe.errors import NoAnswer, Refusal, internal_error
from devstripe.world import API_VERSION, World

_ROUTES = [(endpoint, re.compile(endpoint.path + r"\Z")) for endpoint in ENDPOINTS]


@dataclass(kw_only=True)
class Request:
    """An API request as it came, and what became of it (for the log)."""

    method: str
    path: str
    form: str
    headers: Mapping[str, str]
    id: str = ""
    status: int | None = None
    replayed: bool = False
    fault: str | None = None

    @property
    def key(self) -> str | None:
        return self.headers.get("Idempotency-Key") if self.method == "POST" else None


@dataclass(frozen=True)
class Answer:
    """Status, body and the headers that tell about the request."""

    status: int
    body: str
    headers: dict[str, str]


def answer(world: World, request: Request) -> Answer:
    """Answer an API request; raises NoAnswer if a fault takes the answer away."""
    request.id = world.new_id("req_")
    passing.catch_up(world)
    try:
        status, body, original = _answer(world, request)
    except Refusal as refusal:
        status, body, original = refusal.status, json.dumps({"error": refusal.error}), None
    except NoAnswer:
        _log(world, request)
        raise
    request.status, request.replayed = status, original is not None
    fault = faults.strike(world, faults.ANSWER, request.method, request.path) if status < 400 else None
    if fault is not None:
        request.fault = fault.kind
    _log(world, request)
    world.notify()
    if fault is not None:
        raise NoAnswer(fault.kind.partition("_")[0], fault.seconds)
    return Answer(status, body, _headers(request, status, original))


def _headers(request: Request, status: int, original: str | None) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "Request-Id": request.id, "Stripe-Version": API_VERSION}
    if request.key is not None:
        headers |= {"Idempotency-Key": request.key, "Original-Request": original or request.id}
    if original is not None:
        headers["Idempotent-Replayed"] = "true"
    if status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="Stripe"'
    if status == 409 or status >= 500:
        headers["Stripe-Should-Retry"] = "true" if status == 409 else "false"
    return headers


def _answer(world: World, request: Request) -> tuple[int, str, str | None]:
    """Status, body and, for an answer given before, the id of the request that got it first."""
    fault = faults.strike(world, faults.ARRIVAL, request.method, request.path)
    if fault is not None:
        request.fault = fault.kind
        if fault.kind == "rate_limit":
            raise Refusal("Request rate limit exceeded.", status=429, code="rate_limit")
        raise NoAnswer(fault.kind.partition("_")[0], fault.seconds)
    _authorise(world, request)
    endpoint, ids = _route(request)
    raw = p.parse(request.form)
    with idempotency.claim(world, request.key):
        kept = idempotency.recall(world, request.key, request.path, raw)
        if kept is not None:
            return kept.status, kept.body, kept.request
        params = endpoint.takes.read(raw)
        endpoint.check(world, params)
        status, body = _execute(world, request, endpoint, raw, params, ids)
        return status, body, None


def _execute(
    world: World,
    request: Request,
    endpoint: Endpoint,
    raw: dict[str, Any],
    params: dict[str, Any],
    ids: tuple[str, ...],
) -> tuple[int, str]:
    fault = faults.strike(world, faults.EXECUTION, request.method, request.path)
    request.fault = fault.kind if fault else None
    if fault is not None and fault.kind == "slow":
        time.sleep(fault.seconds)
    with world.store.transaction():
        world.cause = (request.id, request.key)
        try:
            if request.fault == "error_before":
                raise internal_error()
            done = endpoint.run(world, params, *ids)
            if request.fault == "error_after":
                status, told = 500, {"error": internal_error().error}
            else:
                status, told = 200, done
        except Refusal as refusal:
            status, told = refusal.status, {"error": refusal.error}
        finally:
            world.cause = (None, None)
        body = json.dumps(told, ensure_ascii=False)
        if request.method == "POST":
            kept = idempotency.Kept(request.id, status, body)
            idempotency.keep(world, request.key, request.path, raw, kept)
    return status, body


def _authorise(world: World, request: Request) -> None:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not key:
        message = (
            "You did not provide an API key. You need to provide your API key in the Authorization header, using "
            "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
        )
        raise Refusal(message, status=401)
    if key != world.settings.api_key:
        shown = key[:8] + "*" * max(0, len(key) - 12) + key[-4:] if len(key) > 12 else "*" * len(key)
        raise Refusal(f"Invalid API Key provided: {shown}", status=401)
    version = request.headers.get("Stripe-Version", API_VERSION)
    if version != API_VERSION:
        raise Refusal(f"Invalid Stripe API version: {version}. This stand-in speaks {API_VERSION} alone.")


def _route(request: Request) -> tuple[Endpoint, tuple[str, ...]]:
    for endpoint, pattern in _ROUTES:
        match = pattern.match(request.path)
        if match and endpoint.method == request.method:
            return endpoint, match.groups()
    message = (
        f"Unrecognized request URL ({request.method}: {request.path}). Please see https://stripe.com/docs."
    )
    raise Refusal(message, status=404)


#: The headers worth keeping for a look back; never the key that authorises.
_LOGGED = ("Idempotency-Key", "Stripe-Version", "Content-Type")


def _log(world: World, request: Request) -> None:
    headers = {name: request.headers[name] for name in _LOGGED if name in request.headers}
    world.store.run(
        "INSERT INTO request (id, at, method, path, params, headers, status, replayed, fault) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        request.id,
        world.now(),
        request.method,
        request.path,
        urlencode(parse_qsl(request.form, keep_blank_values=True), safe="[]"),
        json.dumps(headers),
        request.status,
        request.replayed,
        request.fault,
    )
