"""A database that may only be read is away, and what people typed stays where the engine keeps it."""

import pytest
import sqlalchemy as sa
from flask import Flask

from mall.core.db import AWAY, db, engine_options, prepare_engine

_WRITE = sa.text("UPDATE member SET name = :name WHERE email = :email")
_TYPED = {"name": "Zoe of 12 Secret Lane", "email": "zoe@example.com"}


@pytest.mark.parametrize("hide", [True, False])
@pytest.mark.parametrize("typed", [_TYPED, [_TYPED, _TYPED]], ids=["once", "many"])
def test_what_was_typed_is_hidden_if_it_is_to_be(
    app: Flask, hide: bool, typed: dict[str, str] | list[dict[str, str]]
) -> None:
    url = db.engine.engine.url
    options = engine_options(str(url)) | {"hide_parameters": hide, "poolclass": sa.NullPool}
    for name in ("pool_size", "max_overflow", "pool_timeout", "pool_recycle"):
        options.pop(name, None)
    engine = sa.create_engine(url, **options)
    prepare_engine(engine)
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        connection.exec_driver_sql(
            "PRAGMA query_only = ON" if sqlite else "SET default_transaction_read_only = on"
        )
        with pytest.raises(AWAY) as raised:
            connection.execute(_WRITE, typed)
    for secret in _TYPED.values():
        assert (secret in str(raised.value)) is not hide
