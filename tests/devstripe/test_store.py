"""What the stand-in remembers: all or nothing, and over a restart."""

from pathlib import Path

import pytest

from devstripe.store import Store
from devstripe.world import Settings, World
from tests.devstripe.shop import NOON


def test_what_breaks_in_the_middle_leaves_nothing_behind() -> None:
    store = Store(None)

    def break_off() -> None:
        with store.transaction():
            store.put({"id": "a", "object": "charge"})
            with store.transaction():
                store.put({"id": "b", "object": "charge"})
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        break_off()
    assert store.newest("charge") == []
    with store.transaction():
        store.put({"id": "c", "object": "charge"})
    assert [thing["id"] for thing in store.newest("charge")] == ["c"]
    store.close()


def test_an_object_is_found_by_its_kind_alone() -> None:
    store = Store(None)
    store.put({"id": "a", "object": "charge", "payment_intent": "p"})
    assert store.get("refund", "a") is None
    assert store.newest("charge", "q") == []
    assert store.newest("charge", "p") == [store.get("charge", "a")]
    store.close()


def test_ids_and_the_clock_go_on_after_a_restart(tmp_path: Path) -> None:
    settings = Settings(database=str(tmp_path / "stripe.sqlite"), seed=1, start=NOON)
    ids: list[str] = []
    for _ in range(3):
        world = World(settings)
        ids += [world.new_id("ch_3") for _ in range(4)]
        world.advance(60)
        world.store.close()
    assert len(set(ids)) == 12
    again = World(settings)
    assert again.now() == NOON + 180
    again.freeze(NOON)
    again.store.close()
    last = World(settings)
    assert last.now() == NOON
    last.store.close()


def test_a_moved_clock_stays_moved_after_a_restart(tmp_path: Path) -> None:
    settings = Settings(database=str(tmp_path / "stripe.sqlite"))
    first = World(settings)
    first.advance(3600)
    told = first.now()
    first.store.close()
    second = World(settings)
    assert 0 <= second.now() - told < 60
    second.store.close()
