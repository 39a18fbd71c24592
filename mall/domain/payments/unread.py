"""Objects in Stripe's lists that cannot be read: whose they are, by what little they say. Pure.

An account may have other uses than the mall, with objects of kinds and shapes that the mall never makes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from mall.domain.payments import rules
from mall.domain.payments.errors import Unreadable
from mall.domain.payments.objects import LONGEST, Json

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """An object of a list that cannot be read, as far as it says whose it is. A field that it does not have, or not as a text, is ""."""

    id: str
    reference: str
    payment_intent: str
    why: str


#: Whom an object is handed to that cannot be read.
Tell = Callable[[Unread], None]


def describe(data: Json, error: Exception) -> Unread:
    """What is left of an object whose reading raised `error`. Raises nothing: it may be of any use of the account."""
    reference = mark(data, rules.ATTEMPT) or mark(data, rules.REFUND)
    return Unread(
        id=_word(data.get("id")),
        reference=reference,
        payment_intent=_word(data.get("payment_intent")),
        why=f"{type(error).__name__}: {error}",
    )


def mark(data: Json, name: str) -> str:
    """What an object's metadata have under a name of ours; "" for what is not ours, whatever else it is."""
    metadata = data.get("metadata")
    return _word(metadata.get(name)) if isinstance(metadata, Mapping) else ""


def _word(value: Any) -> str:
    return value[:LONGEST] if isinstance(value, str) else ""


def each_read(listed: Iterable[Json], read: Callable[[Json], T], tell: Tell) -> Iterator[T]:
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
