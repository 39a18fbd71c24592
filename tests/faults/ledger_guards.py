"""The guards of the ledger's foresight, for `tests.faults.guards`: a preview that leaves a lot out promises what is not done."""

from tests.faults.guard import Guard

_FILE = "mall/domain/ledger/foreseeing.py"
_TESTS = ("tests/ledger/test_foreseeing_histories.py",)

FORESIGHT = (
    Guard(
        _FILE, "_usable.c.before < _taken", "_usable.c.before + 1 < _taken",
        "the last lot that is needed is not foreseen", _TESTS,
    ),
    Guard(
        _FILE, "    sa.select(lot.c.number).where(_own, lot.c.pending > 0, lot.c.activates_at <= _at),\n", "",
        "points that have become usable are not foreseen", _TESTS,
    ),
    Guard(
        _FILE, "lot.c.remaining > 0, _alive, _taken > 0", "lot.c.remaining > 0, _taken > 0",
        "points whose life is over are foreseen to be taken", _TESTS,
    ),
    Guard(
        _FILE, "        book.bury(at)\n    if taken", "    if taken",
        "points that come back too late are foreseen to be taken as if they lived", _TESTS,
    ),
)  # fmt: skip
