"""Write migration 0002 anew from the models. Only until it is released: 0001 has been, and is never touched.

New tables and indexes are found by comparing; columns of tables that stand are listed in `ddl_0002`, by hand.
"""

import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
VERSIONS = Path(__file__).resolve().parent / "versions"
NUMBER, NAME = "0002", "points_plus_cash"


def main() -> None:
    path = VERSIONS / f"{NUMBER}_{NAME}.py"
    kept = path.read_text() if path.exists() else None
    path.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.update(MALL_VAR_DIR=scratch, MALL_DATABASE_URL="", MALL_ENV="development")
        from flask_migrate import revision, upgrade

        from mall.app import create_app

        app = create_app()
        app.extensions["migrate"].migrate.configure(_only_new)
        try:
            with app.app_context():
                upgrade()
                revision(message=NAME.replace("_", " "), autogenerate=True, rev_id=NUMBER)
        except BaseException:
            if kept is not None:
                path.write_text(kept)
            raise
    _finish(path)


def _only_new(config: Any) -> Any:
    """Keep what makes tables and indexes; columns are added by hand."""
    from alembic.operations import ops

    def keep(_context: Any, _revision: Any, directives: list[Any]) -> None:
        script = directives[0]
        found: list[Any] = []
        for step in script.upgrade_ops.ops:
            if isinstance(step, ops.ModifyTableOps):
                found += [inner for inner in step.ops if isinstance(inner, ops.CreateIndexOp)]
            elif isinstance(step, ops.CreateTableOp | ops.CreateIndexOp):
                found.append(step)
        script.upgrade_ops.ops[:] = found
        script.downgrade_ops.ops[:] = []

    config.attributes["process_revision_directives"] = keep
    return config


def _finish(path: Path) -> None:
    text = path.read_text()
    text = text.replace("def upgrade() -> None:\n", "def upgrade() -> None:\n    add_columns()\n", 1)
    text = text.replace("\n\n\ndef downgrade", "\n    apply()\n\n\ndef downgrade", 1)
    text = text.replace(
        "\nrevision = ", "\nfrom migrations.ddl_0002 import add_columns, apply\n\nrevision = ", 1
    )
    text = re.sub(r"(, )?astext_type=(sa\.)?Text\(\)", "", text)
    text = re.sub(
        r"def downgrade\(\) -> None:.*",
        'def downgrade() -> None:\n    raise RuntimeError("orders with cash cannot be undone: restore a backup instead")\n',
        text,
        flags=re.S,
    )
    path.write_text(text)


main()
