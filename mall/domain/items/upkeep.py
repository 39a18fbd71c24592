"""After every change of an item: its version grows, its listing and its search entry are written anew.

In bulk (an import), `batched()` puts the last two off to the end, for all items at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from mall.core.db import db
from mall.domain.items import search
from mall.domain.items.listing import relist
from mall.domain.items.models import Item

_KEY = "items_batch"


@dataclass
class _Batch:
    listed: set[int] = field(default_factory=set)
    indexed: set[int] = field(default_factory=set)


def changed(item: Item, *, at: datetime, words: bool = False) -> None:
    """Count a change of this item; `words` says that what it is found by may have changed too."""
    item.updated_at, item.version = at, item.version + 1
    batch: _Batch | None = db.session.info.get(_KEY)
    if batch is not None:
        batch.listed.add(item.id)
        batch.indexed.update([item.id] if words else [])
        return
    relist([item.id], at=at)
    if words:
        search.index([item.id])


@contextmanager
def batched(*, at: datetime) -> Iterator[None]:
    """Within it, changed items are listed and indexed together, at its end. Does not nest."""
    batch = _Batch()
    db.session.info[_KEY] = batch
    try:
        yield
    finally:
        del db.session.info[_KEY]
    relist(batch.listed, at=at)
    search.index(batch.indexed)
