"""Why something about tiers is refused."""

from mall.core.errors import N_, NotFound


class NoSuchTier(NotFound):
    """No step of the ladder has that code."""

    code = "no_such_tier"
    message = N_("There is no tier “%(value)s”.")
