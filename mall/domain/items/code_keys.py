"""Changing the key of the code pools: every row is written anew under the first key of MALL_CODE_KEY."""

import json
from typing import cast

import sqlalchemy as sa
from sqlalchemy import bindparam

from mall.core.cipher import Cipher
from mall.core.db import db, write_connection
from mall.domain.items.code_models import Code

_CHUNK = 500
_code = cast(sa.Table, Code.__table__)
_STALE = (
    sa.select(_code.c.id, _code.c.ciphertext)
    .where(_code.c.id > bindparam("after"))
    .order_by(_code.c.id)
    .limit(_CHUNK)
    .with_for_update()
)
_REWRITE = (
    sa.update(_code)
    .where(_code.c.id == bindparam("row"))
    .values(ciphertext=bindparam("text"), fingerprint=bindparam("mark"))
)


def rotate(cipher: Cipher, *, after: int = 0) -> tuple[int, int | None]:
    """Write the next rows under the first key: how many, and the last id looked at (None: no more).

    Rows that it has written are left alone, so it can be stopped and begun again. Raises cipher.Unreadable.
    """
    rows = db.session.execute(_STALE, {"after": after}).all()
    changed = []
    for row in rows:
        if not cipher.current(row.ciphertext):
            text = cipher.decrypt(row.ciphertext)
            mark = cipher.fingerprint(json.loads(text)["code"])
            changed.append({"row": row.id, "text": cipher.encrypt(text), "mark": mark})
    if changed:
        write_connection().execute(_REWRITE, changed)
    return len(changed), rows[-1].id if len(rows) == _CHUNK else None
