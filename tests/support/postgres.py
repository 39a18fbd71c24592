"""A throw-away PostgreSQL cluster: started for one test run on a socket and port of its own, then removed."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.support.patience import PATIENCE
from tests.support.ports import kept_port


class NoPostgres(RuntimeError):
    """No PostgreSQL server is installed here."""


def find_bin() -> Path:
    """The folder of `initdb` and `pg_ctl`; raises NoPostgres."""
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True):
        return found.parent
    initdb = shutil.which("initdb")
    if initdb is None:
        raise NoPostgres("no PostgreSQL server found (Debian: apt-get install postgresql)")
    return Path(initdb).resolve().parent


class Cluster:
    """One running cluster. PostgreSQL refuses to run as root, so as root it runs as the `postgres` user."""

    def __init__(self) -> None:
        self.bin = find_bin()
        self.home = Path(tempfile.mkdtemp(prefix="mall-pg-"))
        self.user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        if os.getuid() == 0:
            shutil.chown(self.home, "postgres")
        data = self.home / "data"
        self._run(
            "initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"
        )
        with kept_port() as self.port:
            options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.home} -c max_connections=200 -c shared_buffers=128MB"
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
            self._pg_ctl("-l", str(self.home / "log"), "-o", options, "start")

    def url(self, database: str) -> str:
        """The address of a database in this cluster."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """Stop the server and remove its files."""
        self._pg_ctl("-m", "immediate", "stop")
        shutil.rmtree(self.home, ignore_errors=True)

    def _pg_ctl(self, *arguments: str) -> None:
        """Start or stop it, and wait until that is done: on a busy machine longer than the minute of the default."""
        self._run("pg_ctl", "-D", str(self.home / "data"), "-w", "-t", f"{PATIENCE:.0f}", *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.bin / program), *arguments]
        if os.getuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        done = subprocess.run(
            command, cwd=self.home, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}{done.stderr}")
