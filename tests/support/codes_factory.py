"""Code pools for tests; all inside transaction()."""

from collections.abc import Sequence
from datetime import datetime
from itertools import count

from mall.core.actor import SYSTEM, Actor
from mall.core.cipher import Cipher, derived_key
from mall.domain.items import codes
from mall.domain.items.code_files import NewCode
from mall.domain.items.rules import NEVER
from tests.support.items_factory import Made, make_item

#: The ring of the test applications, whose secret is a row of t.
CIPHER = Cipher([derived_key("t" * 40)])
_batches = count(1)


def secret(n: int, prefix: str = "GIFT") -> str:
    """A code that a search for leaks cannot mistake for anything else."""
    return f"{prefix}-Q7ZK-{n:05d}-XW9V"


def add_codes(
    variant_id: int,
    texts: Sequence[str],
    *,
    at: datetime,
    expires_at: datetime = NEVER,
    pin: str = "",
    actor: Actor = SYSTEM,
    cipher: Cipher = CIPHER,
) -> codes.Imported:
    """A batch of these codes."""
    rows = [NewCode(line, text, pin, expires_at) for line, text in enumerate(texts, 1)]
    return codes.add_batch(
        variant_id, rows, source="codes.txt", key=f"batch-{next(_batches)}", cipher=cipher, actor=actor, at=at
    )


def make_pool(
    n: int = 3, *, at: datetime, name: str = "Film voucher", points: int = 300, prefix: str = "GIFT"
) -> Made:
    """A live digital item whose one variant has a pool of `n` codes."""
    made = make_item(name, points=points, stock=0, kind="digital")
    if n:
        add_codes(made.variant_id, [secret(i, prefix) for i in range(n)], at=at)
    return made
