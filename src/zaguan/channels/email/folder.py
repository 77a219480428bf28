"""With no mail server set up, mail is written to a folder, and the desk says so."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from zaguan.channels.base import Outcome, Parcel
from zaguan.channels.email.composing import compose


class FolderLine:
    """Writes each mail as one .eml file; writing it again writes the same file."""

    def send(self, parcel: Parcel) -> None:
        """Write the file, whole or not at all."""
        raw = compose(parcel.message, utf8=True)
        parcel.leaving(parcel.addresses)
        write_whole(Path(settings.OUTBOX_FOLDER) / file_name(parcel), raw)
        outcome = Outcome.sent(
            code="folder", answer=_("Written to the outbox folder: no mail server is set up.")
        )
        parcel.outcomes.update(dict.fromkeys(parcel.addresses, outcome))

    def close(self) -> None:
        """There is nothing to close."""


def file_name(parcel: Parcel) -> str:
    """In the order of sending; the same for the same message and people."""
    message = parcel.message
    return f"{message.created_at:%Y%m%d-%H%M%S}-ticket-{message.ticket_id}-message-{message.pk}.eml"


def write_whole(path: Path, content: bytes) -> None:
    """Nobody ever sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.part")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
