"""Write the last migration anew from the models. Only until it is released: those before it have been, and stay.

New tables and indexes are found by comparing. What must be said by hand (columns of tables that stand, triggers, data)
is listed in `ddl_<number>`, if the migration has such a folder.
"""

import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
VERSIONS = Path(__file__).resolve().parent / "versions"
NUMBER, NAME = "0003", "indexes_of_what_waits"


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
        script.downgrade_ops.ops[:] = [step.reverse() for step in reversed(found)]

    config.attributes["process_revision_directives"] = keep
    return config


def _finish(path: Path) -> None:
    text = re.sub(r"(, )?astext_type=(sa\.)?Text\(\)", "", path.read_text())
    if (VERSIONS.parent / f"ddl_{NUMBER}").is_dir():
        text = text.replace("def upgrade() -> None:\n", "def upgrade() -> None:\n    add_columns()\n", 1)
        text = text.replace("\n\n\ndef downgrade", "\n    apply()\n\n\ndef downgrade", 1)
        ours = f"\nfrom migrations.ddl_{NUMBER} import add_columns, apply\n\nrevision = "
        text = text.replace("\nrevision = ", ours, 1)
    path.write_text(text)


main()
