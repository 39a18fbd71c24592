"""What the merchant's settings say to the domain, as plain values."""

from datetime import timedelta

from flask import current_app

from mall.domain.earning.rules import CashTerms


def cash_terms() -> CashTerms:
    """How cash paid in the mall earns points."""
    settings = current_app.config["SETTINGS"]
    return CashTerms(
        earns=settings.cash_earns,
        wait_days=settings.points_wait_days,
        life_months=settings.points_life_months,
        currency=settings.currency,
        zone=settings.timezone,
    )


def grace() -> timedelta:
    """How long points live that come back after their time."""
    found: timedelta = current_app.config["SETTINGS"].grace
    return found
