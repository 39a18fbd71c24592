"""The mailbox of the tests: what the worker would have sent."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask_mailman import EmailMultiAlternatives

from mall.worker import running
from mall.worker.delivery import Tally

#: Later than any instant a test writes with, so that whatever it put in the outbox is due.
_LATER = datetime(2100, 1, 1, tzinfo=UTC)


class Mailbox:
    """`deliver()` does what a worker would do with the outbox; `mails` are those sent since the test began."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.mails: list[EmailMultiAlternatives] = []
        self.tally = Tally()
        self._now = _LATER
        app.extensions["mailman"].outbox = self.mails

    def deliver(self) -> list[EmailMultiAlternatives]:
        """Deliver the outbox; the mails that this sent."""
        before = len(self.mails)
        self._now += timedelta(days=1)
        self.tally = running.deliver(lambda: self._now)
        return self.mails[before:]

    def to(self, address: str) -> list[EmailMultiAlternatives]:
        """The mails sent to that address."""
        return [mail for mail in self.mails if any(address in to for to in mail.to)]


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Mailbox]:
    """Mail in memory, and the worker that sends it."""
    box = Mailbox(app)
    yield box
    app.extensions["mailman"].outbox = []
