"""Refusals of the ledger."""

from mall.core.errors import N_, MallError


class NotEnoughPoints(MallError):
    """Fewer points are available than asked for; `missing` says how many fewer."""

    code = "not_enough_points"
    message = N_("You need %(missing)s more points for this.")

    def __init__(self, *, missing: int) -> None:
        super().__init__(missing=missing)
        self.missing = missing


class TooMuchBack(MallError):
    """More points are to be given back, or taken back, than are left of what was spent or earned."""

    code = "too_much_back"
    message = N_("Only %(left)s points of this are left to give or take back.")

    def __init__(self, *, left: int) -> None:
        super().__init__(left=left)
        self.left = left


class HoldTooSmall(MallError):
    """More points are to be captured or released than the hold still has; a resolved hold has none."""

    code = "hold_too_small"
    message = N_("Only %(left)s points are still held for this.")

    def __init__(self, *, left: int) -> None:
        super().__init__(left=left)
        self.left = left


class NoAccount(LookupError):
    """A programming error: points were moved for a member without an account."""


class LostLock(RuntimeError):
    """An account changed under a writer that should have held its lock; nothing was written."""
