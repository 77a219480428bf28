"""The form of a backup: one tar file whose last member, the manifest, tells what must be in it."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

MANIFEST = "manifest.json"
FORMAT = 1
CHUNK = 1024 * 1024


class Gap(Exception):  # noqa: N818 (something is missing; the sentence says what)
    """The archive, or what it would hold, is not complete."""


@dataclass
class Manifest:
    """What is in the archive: every member with size and hash, every table with its columns and rows."""

    format: int = FORMAT
    version: str = ""
    made_at: str = ""
    database: str = ""
    migrations: list[list[str]] = field(default_factory=list)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    members: dict[str, dict[str, Any]] = field(default_factory=dict)

    def as_bytes(self) -> bytes:
        """JSON."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


class Writer:
    """Adds members and remembers their hashes."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        # Readable by its owner only: the keys are in it.
        path.touch(mode=0o600)
        self.tar = tarfile.open(path, "w")  # noqa: SIM115 (closed by `close`)

    def add_file(self, name: str, path: Path) -> None:
        """A file that may change meanwhile is stored as long as it was when we began."""
        with path.open("rb") as file:
            self.add(name, file, path.stat().st_size)

    def add(self, name: str, file: BinaryIO, size: int) -> None:
        """`size` bytes of `file`."""
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        hashing = Hashing(file)
        self.tar.addfile(info, hashing)
        self.manifest.members[name] = {"size": size, "sha256": hashing.hexdigest()}

    def close(self) -> None:
        """Write the manifest and end."""
        content = self.manifest.as_bytes()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(content), 0o600
        self.tar.addfile(info, io.BytesIO(content))
        self.tar.close()


class Hashing:
    """Reads through, and knows the hash of what was read."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """What tarfile asks for."""
        data = self.file.read(size)
        self._hash.update(data)
        return data

    def hexdigest(self) -> str:
        """Of everything read so far."""
        return self._hash.hexdigest()


def verify(path: Path) -> Manifest:
    """Read the whole archive and compare it with its manifest; raises Gap with what is wrong."""
    found: dict[str, dict[str, Any]] = {}
    text = b""
    try:
        with tarfile.open(path, "r:") as tar:
            for info in tar:
                file = tar.extractfile(info)
                if file is None:
                    continue
                if info.name == MANIFEST:
                    text = file.read()
                else:
                    found[info.name] = _summed(file)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise Gap(f"{path} cannot be read to its end: {error}") from None
    if not text:
        raise Gap(f"{path} has no manifest: it was cut off, or is not a backup.")
    manifest = Manifest(**json.loads(text))
    if manifest.format != FORMAT:
        raise Gap(f"{path} has the form {manifest.format}; this version reads {FORMAT}.")
    for problem in _differences(manifest.members, found):
        raise Gap(problem)
    return manifest


def _summed(file: Any) -> dict[str, Any]:
    hashing, size = Hashing(file), 0
    while data := hashing.read(CHUNK):
        size += len(data)
    return {"size": size, "sha256": hashing.hexdigest()}


def _differences(wanted: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    for name, what in wanted.items():
        if name not in found:
            yield f"{name} is missing from the archive."
        elif found[name] != what:
            yield f"{name} is not what was stored: its size or hash differs."


def extract(path: Path, folder: Path) -> None:
    """Unpack files; a name that would lead out of `folder`, and anything that is no plain file, is refused.

    Not by tarfile's own filter: Python 3.11 has it only since 3.11.4, and Debian 12 brings 3.11.2.
    """
    root = folder.resolve()
    with tarfile.open(path, "r:") as tar:
        for member in tar:
            target = (root / member.name).resolve()
            if member.isdir():
                continue
            source = tar.extractfile(member) if member.isreg() else None
            if source is None or not target.is_relative_to(root):
                raise Gap(f"{path} holds {member.name}, which is nothing that a backup has.")
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                shutil.copyfileobj(source, file)
