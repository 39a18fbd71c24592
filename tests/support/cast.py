"""The cast: Mei (gold), Ben (basic), Zoe (another member, who must see nothing of theirs), and the staff:
Ivy (merchandiser), Sam (customer service), Lee (supervisor), Fin (finance), Ada (administrator)."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from mall.account.joining import hash_password, join
from mall.core.db import transaction
from mall.domain.members import service
from mall.domain.members.models import Member

PASSWORD = "mall-demo-2026"
JOINED = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def password_hash(_app: Flask) -> str:
    """The cast's password, hashed once a run."""
    with _app.app_context():
        return hash_password(PASSWORD)


def person(name: str, password_hash: str, *roles: str, language: str = "en", at: datetime = JOINED) -> Member:
    """A confirmed member <name>@example.com, with roles if given; in a transaction of its own."""
    with transaction():
        member = join(
            email=f"{name.lower()}@example.com",
            name=name,
            password_hash=password_hash,
            language=language,
            confirmed=True,
            at=at,
        )
        if roles:
            service.set_roles(member.id, roles)
    return member


@pytest.fixture
def mei(app: Flask, password_hash: str) -> Member:
    """A member with much to spend."""
    return person("Mei", password_hash)


@pytest.fixture
def ben(app: Flask, password_hash: str) -> Member:
    """A member with little."""
    return person("Ben", password_hash)


@pytest.fixture
def zoe(app: Flask, password_hash: str) -> Member:
    """Another member, who must see nothing of Mei's and Ben's."""
    return person("Zoe", password_hash)


@pytest.fixture
def ivy(app: Flask, password_hash: str) -> Member:
    """A merchandiser."""
    return person("Ivy", password_hash, "merchandiser")


@pytest.fixture
def sam(app: Flask, password_hash: str) -> Member:
    """Customer service."""
    return person("Sam", password_hash, "service")


@pytest.fixture
def lee(app: Flask, password_hash: str) -> Member:
    """A supervisor."""
    return person("Lee", password_hash, "supervisor")


@pytest.fixture
def fin(app: Flask, password_hash: str) -> Member:
    """Finance: reads, changes nothing."""
    return person("Fin", password_hash, "finance")


@pytest.fixture
def ada(app: Flask, password_hash: str) -> Member:
    """An administrator."""
    return person("Ada", password_hash, "administrator")
