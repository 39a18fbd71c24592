"""Write migration 0001 anew from the models. Only until the first release: from then on migrations are kept."""

import os
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
VERSIONS = Path(__file__).resolve().parent / "versions"


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.update(MALL_VAR_DIR=scratch, MALL_DATABASE_URL="", MALL_ENV="development")
        kept = {old: old.read_text() for old in VERSIONS.glob("0001_*.py")}
        for old in kept:
            old.unlink()
        from flask_migrate import revision

        from mall.app import create_app

        try:
            with create_app().app_context():
                revision(message="initial", autogenerate=True, rev_id="0001")
        except BaseException:
            for old, text in kept.items():
                old.write_text(text)
            raise
    path = VERSIONS / "0001_initial.py"
    text = path.read_text()
    text = text.replace("\n\n\ndef downgrade", "\n    apply()\n\n\ndef downgrade", 1)
    text = text.replace(
        "from sqlalchemy.dialects import postgresql\n",
        "from sqlalchemy.dialects import postgresql\n\nfrom migrations.ddl_0001 import apply\n",
    )
    text = re.sub(r"(, )?astext_type=(sa\.)?Text\(\)", "", text)
    text = re.sub(
        r"def downgrade\(\) -> None:.*",
        'def downgrade() -> None:\n    raise RuntimeError("the first migration is not undone: drop the database instead")\n',
        text,
        flags=re.S,
    )
    path.write_text(text)


main()
