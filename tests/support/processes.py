"""Real processes of the mall for the tests: started, watched, killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flask import Flask

from mall.config import ROOT


def environment(app: Flask, **changes: str) -> dict[str, str]:
    """The environment in which a process stands on this application's database and folder."""
    settings = app.config["SETTINGS"]
    mine = {key: value for key, value in os.environ.items() if not key.startswith(("MALL_", "STRIPE_"))}
    return {
        **mine,
        "MALL_ENV": "test",
        "MALL_DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "MALL_VAR_DIR": str(settings.var_dir),
        "MALL_SECRET_KEY": settings.secret_key,
        "STRIPE_API_BASE": settings.stripe_api_base,
        "PYTHONPATH": str(ROOT),
        **changes,
    }


@contextmanager
def running(app: Flask, *words: str, **changes: str) -> Iterator["subprocess.Popen[bytes]"]:
    """`mall WORDS` as a process of its own; killed at the end if it still runs. Its log: <var>/<first word>.log."""
    log = Path(app.config["SETTINGS"].var_dir) / f"{words[0]}.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "mall.cli", *words],
            env=environment(app, **changes),
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # the server's own processes too
            process.wait()


def kill(process: "subprocess.Popen[bytes]") -> None:
    """kill -9, as the kernel does when memory runs out."""
    process.send_signal(signal.SIGKILL)
    process.wait()
