"""The ZIP of many PDFs: put together, handed out as long as its owner may see all of it, and erased in time."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from functools import partial
from typing import BinaryIO, cast

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.conversations.models import PrintBatch, PrintBatchQuerySet, PrintedTicket
from zaguan.lib.errors import Refused
from zaguan.lib.secrets import random_id
from zaguan.people.models import Agent
from zaguan.tickets.models import known_where


def write_zip(batch: PrintBatch) -> tuple[str, int]:
    """Where it lies and how large it is; nothing where no ticket became a PDF."""
    made = list(batch.tickets.filter(state=PrintedTicket.State.MADE).order_by("ticket_id"))
    if not made:
        return "", 0
    with tempfile.TemporaryFile() as kept:
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as archive:
            for row in made:
                with (
                    default_storage.open(row.stored_as, "rb") as part,
                    archive.open(f"ticket-{row.ticket_id}.pdf", "w") as member,
                ):
                    shutil.copyfileobj(part, member)
            missing = batch.tickets.filter(state=PrintedTicket.State.FAILED).order_by("ticket_id")
            lines = [f"{row.ticket_id}\t{row.reason}" for row in missing]
            if lines:
                archive.writestr(_("not made") + ".txt", "\n".join([*lines, ""]))
        size = kept.tell()
        kept.seek(0)
        return default_storage.save(f"prints/{random_id(24)}.zip", File(kept)), size


def open_zip(batch: PrintBatch, *, viewer: Agent) -> BinaryIO:
    """The file. Raises Refused when it is not there, or holds what its owner may no longer see."""
    if not batch.stored_as:
        raise Refused(_("The file is not there yet."))
    inside = batch.tickets.filter(state=PrintedTicket.State.MADE)
    if inside.filter(known_where(viewer, "ticket__")).count() < batch.made:
        raise Refused(_("You cannot see all of these tickets any more. Make the file again."))
    return cast("BinaryIO", default_storage.open(batch.stored_as, "rb"))


def forget_files(names: Iterable[str]) -> None:
    """Erase them once what says so is kept."""
    for name in filter(None, names):
        transaction.on_commit(partial(default_storage.delete, name))


def forget_expired() -> int:
    """What the clock brings: erase what nobody can fetch any more; returns how many."""
    return _forget(PrintBatch.objects.filter(expires_at__lte=timezone.now()))


def forget_prints_of(numbers: Iterable[int]) -> None:
    """Erase every file that holds one of these tickets: they are erased for good."""
    rows = PrintedTicket.objects.filter(ticket__in=list(numbers))
    while _forget(PrintBatch.objects.filter(pk__in=rows.values("batch_id"))):
        pass


@transaction.atomic
def _forget(batches: PrintBatchQuerySet) -> int:
    found = list(batches.values_list("pk", "stored_as")[:200])
    numbers = [pk for pk, _stored in found]
    rows = PrintedTicket.objects.filter(batch__in=numbers)
    forget_files([stored for _pk, stored in found])
    forget_files(list(rows.exclude(stored_as="").values_list("stored_as", flat=True)))
    rows.delete()
    PrintBatch.objects.filter(pk__in=numbers).delete()
    return len(numbers)
