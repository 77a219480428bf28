"""After a restore nothing leaves and nothing is fetched, until an administrator says so (R35)."""

from __future__ import annotations

from django.utils import timezone

from zaguan.events.models import Turn

# A row in the database, so that it holds for every machine.
NAME = "mail is paused"


def is_paused() -> bool:
    """Whether mail must neither leave nor be fetched."""
    return Turn.objects.filter(name=NAME).exists()


def pause() -> None:
    """From now on, until `resume`."""
    Turn.objects.get_or_create(name=NAME, defaults={"due_at": timezone.now()})


def resume() -> bool:
    """Let mail flow again; says whether it was paused."""
    return Turn.objects.filter(name=NAME).delete()[0] > 0
