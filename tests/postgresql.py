"""A PostgreSQL server of one's own, on a socket in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

PASSWORD = "forty-two"
# Debian keeps the programs of each version in a folder of their own.
_DEBIAN = "/usr/lib/postgresql"


def find_programs() -> Path | None:
    """Find the folder of `initdb` and `pg_ctl`."""
    found = shutil.which("initdb")
    installed = [Path(found)] if found else sorted(Path(_DEBIAN).glob("*/bin/initdb"))
    return installed[-1].parent if installed else None


@contextmanager
def serve(programs: Path) -> Iterator[URL]:
    """Run a server; give the URL of its first database."""
    with tempfile.TemporaryDirectory(prefix="coursekit-postgresql-") as name:
        folder = Path(name)
        owner = _give_away(folder)
        (folder / "password").write_text(PASSWORD)

        def run(program: str, *options: str) -> None:
            command = [programs / program, "-D", folder / "data", *options]
            subprocess.run(
                command, check=True, cwd=folder, stdout=subprocess.DEVNULL, **owner
            )

        password = ["--auth=scram-sha-256", f"--pwfile={folder / 'password'}"]
        text = ["--encoding=UTF8", "--no-locale"]
        run("initdb", "--username=grader", "--no-sync", *password, *text)
        log = f"--log={folder / 'log'}"
        # No port at all: only the socket, and no waiting for the disk.
        run("pg_ctl", "start", "--wait", log, f"--options=-h '' -k {folder} -F")
        try:
            yield URL.create(
                "postgresql+psycopg",
                username="grader",
                password=PASSWORD,
                database="postgres",
                query={"host": str(folder)},
            )
        finally:
            run("pg_ctl", "stop", "--wait", "--mode=immediate")


def _give_away(folder: Path) -> dict[str, object]:
    """Give a folder to an ordinary user where we are root, whom the server refuses."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
