"""The only place that speaks with Stripe, through its SDK. Plain values in, plain values out; knows nothing of orders.

The same code talks to Stripe and to the development Stripe: they differ by the base address and the keys. It tries
once: who repeats a call (the worker) does so with the same key and the same body.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any, Final, cast

import stripe
from stripe.params import RefundCreateParams
from stripe.params.checkout import SessionCreateParams

from mall.core.privacy import mask
from mall.domain.payments import objects, rules
from mall.domain.payments.errors import (
    BadEvent,
    BadSignature,
    KeyMisused,
    Misconfigured,
    Refused,
    Unknown,
    Unreadable,
)
from mall.domain.payments.glances import Glances
from mall.domain.payments.objects import CashRefund, Event, Json, Session, StripeDispute
from mall.domain.payments.transport import TIMEOUT, TwoPaces
from mall.domain.payments.unread import Tell, each_read, mark, unreadable

#: What we were written and tested against; Stripe keeps answering in this version until we ask for another.
API_VERSION: Final = "2026-10-28.endive"
#: Seconds that a webhook's signature counts for (Stripe signs each repeat anew).
TOLERANCE: Final = 300
_PAGE: Final = 100
_PAID_BY: Final = ["payment_intent.latest_charge"]

# The SDK would send how long our last call took, and keep an id of this machine in the home directory.
stripe.enable_telemetry = False


class Gateway:
    """Stripe, as one account in one mode. `livemode` is what every object that counts must say."""

    def __init__(
        self,
        *,
        api_key: str,
        webhook_secret: str,
        api_base: str = "https://api.stripe.com",
        timeout: tuple[float, float] = TIMEOUT,
        http_client: stripe.HTTPClient | None = None,
    ) -> None:
        self.livemode = api_key.startswith(("sk_live_", "rk_live_"))
        self.api_base = api_base.rstrip("/")
        self._api_key = api_key
        self._webhook_secret = webhook_secret
        self._http_client = http_client or TwoPaces(self.api_base, timeout)

    @cached_property
    def glances(self) -> Glances:
        """When pages last asked about which session."""
        return Glances()

    @cached_property
    def _stripe(self) -> stripe.V1Services:
        client = stripe.StripeClient(
            self._api_key,
            stripe_version=API_VERSION,
            base_addresses={"api": self.api_base},
            max_network_retries=0,
            http_client=self._http_client,
        )
        return client.v1

    def create_session(self, request: str, *, key: str) -> Session:
        """Make the Checkout Session of an attempt: its stored `request` and `key`, at every try the same two.

        Raises Unknown, Refused, KeyMisused.
        """
        params = session_params(json.loads(request))
        sessions = self._stripe.checkout.sessions
        with _told():
            return objects.session(_plain(sessions.create(params, {"idempotency_key": key})))

    def retrieve_session(self, session_id: str) -> Session:
        """The session as it is now, with what was paid. Raises Unknown, Refused ("resource_missing")."""
        sessions = self._stripe.checkout.sessions
        with _told():
            return objects.session(_plain(sessions.retrieve(session_id, {"expand": _PAID_BY})))

    def expire_session(self, session_id: str) -> Session:
        """Ask that nobody can pay the session any more; what it is afterwards, which may be paid or still open.

        Raises Unknown, Refused ("resource_missing").
        """
        sessions = self._stripe.checkout.sessions
        try:
            with _told():
                return objects.session(_plain(sessions.expire(session_id, {"expand": _PAID_BY})))
        except Refused as refused:  # it is no longer open, or is being paid this instant
            if refused.code == "resource_missing":
                raise
        return self.retrieve_session(session_id)

    def find_session(self, reference: str, since: datetime, until: datetime) -> Session | None:
        """The session of an attempt by its reference, made in [since, until), the first of several; None if there is none.

        For keys that Stripe has forgotten (24 hours) and answers that it replays (a stored 500). No other session is
        read. Raises Unknown; Unreadable for this one.
        """
        listed = self._sessions(since, until)
        found = [one for one in listed if one.get("client_reference_id") == reference]
        return next(each_read(reversed(found), objects.session, unreadable), None)

    def sessions(
        self, since: datetime, until: datetime | None = None, *, unread: Tell | None = None
    ) -> Iterator[Session]:
        """The mall's sessions made in [since, until), the newest first, with what was paid.

        Sessions of the account's other uses are passed over unread: they may be of any kind. One of ours that cannot be
        read is handed to `unread`, and the others follow. Raises Unknown, Refused; Unreadable without an `unread`.
        """
        ours = (one for one in self._sessions(since, until) if mark(one, rules.ATTEMPT))
        return each_read(ours, objects.session, unread or unreadable)

    def _sessions(self, since: datetime, until: datetime | None) -> Iterator[Json]:
        expand = [f"data.{path}" for path in _PAID_BY]
        with _told():
            page = self._stripe.checkout.sessions.list(
                {"created": cast(Any, _made(since, until)), "limit": _PAGE, "expand": expand}
            )
            yield from map(_plain, page.auto_paging_iter())

    def create_refund(self, request: str, *, key: str) -> CashRefund:
        """Give cash back: the refund's stored body (`rules.refund_body` as JSON) and key. Raises Unknown, Refused, KeyMisused."""
        params = refund_params(json.loads(request))
        with _told():
            return objects.refund(_plain(self._stripe.refunds.create(params, {"idempotency_key": key})))

    def retrieve_refund(self, refund_id: str) -> CashRefund:
        """The refund as it is now. Raises Unknown, Refused ("resource_missing")."""
        with _told():
            return objects.refund(_plain(self._stripe.refunds.retrieve(refund_id)))

    def refunds_of(self, payment_intent: str) -> Iterator[CashRefund]:
        """The mall's refunds of a payment, the newest first: those that carry a name of ours. Raises Unknown, Refused."""
        with _told():
            page = self._stripe.refunds.list({"payment_intent": payment_intent, "limit": _PAGE})
            ours = (one for one in map(_plain, page.auto_paging_iter()) if mark(one, rules.REFUND))
            yield from each_read(ours, objects.refund, unreadable)

    def refunds(
        self, since: datetime, until: datetime | None = None, *, unread: Tell | None = None
    ) -> Iterator[CashRefund]:
        """All refunds of the account made in [since, until), the newest first; `unread` as for `sessions`.

        Raises Unknown, Refused.
        """
        with _told():
            page = self._stripe.refunds.list({"created": cast(Any, _made(since, until)), "limit": _PAGE})
            yield from each_read(map(_plain, page.auto_paging_iter()), objects.refund, unread or unreadable)

    def retrieve_dispute(self, dispute_id: str) -> StripeDispute:
        """The dispute as it is now. Raises Unknown, Refused ("resource_missing")."""
        with _told():
            return objects.dispute(_plain(self._stripe.disputes.retrieve(dispute_id)))

    def disputes(self, since: datetime, *, unread: Tell | None = None) -> Iterator[StripeDispute]:
        """All disputes of the account opened at `since` or later, the newest first; `unread` as for `sessions`.

        Raises Unknown, Refused.
        """
        with _told():
            page = self._stripe.disputes.list({"created": cast(Any, _made(since, None)), "limit": _PAGE})
            yield from each_read(map(_plain, page.auto_paging_iter()), objects.dispute, unread or unreadable)

    def parse_event(self, payload: bytes, signature: str) -> Event:
        """The event of a webhook, if Stripe signed exactly these bytes less than TOLERANCE seconds ago.

        Raises BadSignature, BadEvent. Source: https://docs.stripe.com/webhooks#verify-manually.
        """
        try:
            stripe.WebhookSignature.verify_header(payload, signature, self._webhook_secret, TOLERANCE)
        except (stripe.StripeError, ValueError, TypeError) as error:
            raise BadSignature(type(error).__name__) from error
        try:
            text = payload.decode()
            return objects.event(json.loads(text), text)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BadEvent(type(error).__name__) from error


def session_params(body: dict[str, Any]) -> SessionCreateParams:
    """The body as the SDK's typed parameters; it names every field, so that a renamed one is found by the type check."""
    intent = body["payment_intent_data"]
    params: SessionCreateParams = {
        "mode": body["mode"],
        "allowed_payment_method_types": body["allowed_payment_method_types"],
        "adaptive_pricing": {"enabled": body["adaptive_pricing"]["enabled"]},
        "line_items": [
            {
                "quantity": line["quantity"],
                "price_data": {
                    "currency": line["price_data"]["currency"],
                    "unit_amount": line["price_data"]["unit_amount"],
                    "product_data": {"name": line["price_data"]["product_data"]["name"]},
                },
            }
            for line in body["line_items"]
        ],
        "client_reference_id": body["client_reference_id"],
        "metadata": body["metadata"],
        "payment_intent_data": {"metadata": intent["metadata"], "description": intent["description"]},
        "locale": body["locale"],
        "expires_at": body["expires_at"],
        "automatic_tax": {"enabled": body["automatic_tax"]["enabled"]},
        "success_url": body["success_url"],
        "cancel_url": body["cancel_url"],
    }
    if "customer_email" in body:
        params["customer_email"] = body["customer_email"]
    return params


def refund_params(body: dict[str, Any]) -> RefundCreateParams:
    """The body as the SDK's typed parameters."""
    return {
        "payment_intent": body["payment_intent"],
        "amount": body["amount"],
        "reason": body["reason"],
        "metadata": body["metadata"],
    }


def _plain(thing: stripe.StripeObject) -> dict[str, Any]:
    return cast(Callable[[], dict[str, Any]], thing.to_dict)()


def _made(since: datetime, until: datetime | None) -> dict[str, int]:
    """A list's condition: made in [since, until)."""
    begin = {"gte": int(since.timestamp())}
    return begin if until is None else begin | {"lt": int(until.timestamp())}


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the SDK raises into what it means for us; an answer that cannot be read tells nothing either.

    Raises Unknown, Unreadable, Misconfigured, Refused, KeyMisused.
    """
    try:
        yield
    except stripe.StripeError as error:
        raise _meaning(error) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"an answer that cannot be read: {type(error).__name__}") from error


def _meaning(error: stripe.StripeError) -> Exception:
    status = error.http_status
    message = mask(str(error.user_message or error))[:300]
    if status is None or error.error is None or status >= 500 or status in (409, 429):
        return Unknown(f"{status or 'no answer'}: {message}")
    if isinstance(error, stripe.RateLimitError):
        return Unknown(f"{status}: {message}")
    if status in (401, 403):
        return Misconfigured(f"{status}: {message}")
    if isinstance(error, stripe.IdempotencyError):
        return KeyMisused(message)
    return Refused(error.error.code or "", message, param=getattr(error.error, "param", None) or "")
