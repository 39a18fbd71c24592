"""What Stripe's answers mean for us, once the SDK has them; an answer may be of any use that its account has."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar, cast

import stripe

from mall.core.privacy import mask
from mall.domain.payments.errors import KeyMisused, Misconfigured, Refused, Unknown, Unreadable
from mall.domain.payments.objects import Json
from mall.domain.payments.unread import Unread, describe

T = TypeVar("T")


def plain(thing: stripe.StripeObject) -> dict[str, Any]:
    """An object of the SDK's as the JSON that Stripe sent."""
    return cast(Callable[[], dict[str, Any]], thing.to_dict)()


def made(since: datetime, until: datetime | None) -> dict[str, int]:
    """A list's condition: made in [since, until)."""
    begin = {"gte": int(since.timestamp())}
    return begin if until is None else begin | {"lt": int(until.timestamp())}


def each_read(
    listed: Iterable[Json], read: Callable[[Json], T], tell: Callable[[Unread], None]
) -> Iterator[T]:
    """Read one after the other; one that cannot be read is handed to `tell`, and keeps none behind it from being read."""
    for one in listed:
        try:
            found = read(one)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            tell(describe(one, error))
        else:
            yield found


def unreadable(one: Unread) -> None:
    """What to `tell` where one object that cannot be read ends it all. Raises Unreadable."""
    raise Unreadable(f"{one.id or 'an object'} cannot be read: {one.why}")


@contextmanager
def told() -> Iterator[None]:
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
