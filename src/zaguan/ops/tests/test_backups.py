"""A backup is complete or no backup; a restored desk is the same, and silent until somebody says so."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from zaguan.ops.archives import Gap, Manifest, Writer, verify
from zaguan.testing.bare import Bare, bare_installation

FURNISH = """
    from zaguan.conversations.attachments import store
    from zaguan.lib.secrets import seal
    from zaguan.conversations.models import Inbox
    from zaguan.testing.makers import make_message, make_ticket
    from zaguan.testing.world import make_world
    world = make_world()
    message = make_message(make_ticket(world), world, "¿Qué tal?\\\\nAdiós\\t\\\\\\\\")
    store(b"bytes of a file", "foto.png", "image/png", by=world.ana, message=message)
    Inbox.objects.update(sealed_secrets=seal({"password": "azulejo"}))
"""
LOOK = """
    import json
    from zaguan.channels.pausing import is_paused
    from zaguan.conversations.attachments import open_stored
    from zaguan.conversations.models import Attachment, Inbox, Message
    from zaguan.lib.secrets import unseal
    from zaguan.testing.makers import make_ticket
    from zaguan.people.models import Contact, Agent
    from zaguan.tickets.models import Ticket
    with open_stored(Attachment.objects.get()) as file:
        content = file.read().decode()
    print(json.dumps({
        "text": Message.objects.get().text, "file": content, "agents": Agent.objects.count(),
        "secret": unseal(Inbox.objects.first().sealed_secrets), "paused": is_paused(),
    }))
"""


def zaguan(desk: Bare, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zaguan", *words]
    return subprocess.run(
        command, env=desk.environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture(scope="module")
def desk() -> Iterator[Bare]:
    with bare_installation() as found:
        found.python(FURNISH)
        yield found


@pytest.fixture(scope="module")
def archive(desk: Bare, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("backups") / "desk.tar"
    done = zaguan(desk, "backup", str(target))
    assert done.returncode == 0, done.stderr
    return target


def test_what_comes_back_is_what_was_saved_and_mail_is_paused(desk: Bare, archive: Path) -> None:
    before = json.loads(desk.python(LOOK))
    assert before["paused"] is False
    with bare_installation() as other:
        done = zaguan(other, "restore", str(archive))
        assert done.returncode == 0, done.stderr
        assert json.loads(other.python(LOOK)) == before | {"paused": True}
        assert zaguan(other, "resume").returncode == 0
        assert json.loads(other.python(LOOK))["paused"] is False
        # New rows go on after the restored ones.
        other.python("""
            from zaguan.people.models import Team
            assert Team.objects.create(name="New").pk > 2
        """)


def test_a_desk_in_use_is_not_overwritten(desk: Bare, archive: Path) -> None:
    done = zaguan(desk, "restore", str(archive))
    assert done.returncode != 0
    assert "--replace" in done.stderr


def test_a_backup_never_replaces_another(desk: Bare, archive: Path) -> None:
    assert zaguan(desk, "backup", str(archive)).returncode != 0


def test_only_its_owner_can_read_it(archive: Path) -> None:
    assert archive.stat().st_mode & 0o077 == 0


def test_a_lost_file_is_a_gap(desk: Bare, tmp_path: Path) -> None:
    (lost,) = [path for path in (desk.data / "files").rglob("*") if path.is_file()]
    kept = lost.read_bytes()
    lost.unlink()
    try:
        done = zaguan(desk, "backup", str(tmp_path / "gap.tar"))
        assert done.returncode != 0
        assert "gone" in done.stderr
        assert list(tmp_path.iterdir()) == []
    finally:
        lost.write_bytes(kept)


def test_a_running_desk_is_not_restored_into(desk: Bare, archive: Path) -> None:
    import fcntl

    with (desk.data / "serve.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "Stop it first" in zaguan(desk, "restore", "--replace", str(archive)).stderr


def test_an_archive_that_was_cut_off_is_refused(archive: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.tar"
    cut.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    with pytest.raises(Gap):
        verify(cut)


def test_one_changed_byte_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "small.tar"
    writer = Writer(path, Manifest())
    writer.add("key", io.BytesIO(b"0123456789"), 10)
    writer.close()
    verify(path)
    path.write_bytes(path.read_bytes().replace(b"0123456789", b"0123456780"))
    with pytest.raises(Gap, match="differs"):
        verify(path)


def test_a_missing_member_is_noticed(tmp_path: Path) -> None:
    whole, less = tmp_path / "whole.tar", tmp_path / "less.tar"
    writer = Writer(whole, Manifest())
    writer.add("one", io.BytesIO(b"1"), 1)
    writer.add("two", io.BytesIO(b"2"), 1)
    writer.close()
    with tarfile.open(whole) as source, tarfile.open(less, "w") as target:
        for info in source:
            if info.name != "one":
                target.addfile(info, source.extractfile(info))
    with pytest.raises(Gap, match="one is missing"):
        verify(less)


def test_something_else_is_no_backup(tmp_path: Path) -> None:
    other = tmp_path / "other.tar"
    other.write_bytes(b"PK not a tar file at all")
    with pytest.raises(Gap):
        verify(other)
