"""is:… and has:… – yes-or-no questions about a ticket; apps above add their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.lib.folding import squeeze
from zaguan.people.models import Agent
from zaguan.tickets.filtering import Field, NotUnderstood, register
from zaguan.tickets.models import DONE_RANK, RANKS, Phase, Ticket


@dataclass(frozen=True)
class Flag:
    """One word after is: or has:; `about_status` when it decides which statuses are shown, `walks` when no index helps."""

    name: str
    condition: Callable[[Agent], Q]
    about_status: bool = False
    walks: bool = False


_flags: dict[str, dict[str, Flag]] = {"is": {}, "has": {}}
_offered: dict[str, list[str]] = {"is": [], "has": []}


def flag(
    key: str, names: str, condition: Callable[[Agent], Q], *, about_status: bool = False, walks: bool = False
) -> None:
    """Register a flag under all its names ("unread noleído"), the English one first."""
    each = names.split()
    new = Flag(each[0], condition, about_status, walks)
    _offered[key].append(each[0])
    for name in each:
        _flags[key].setdefault(squeeze(name), new)


def _condition(key: str) -> Callable[[str, Agent], Q]:
    def condition(value: str, viewer: Agent) -> Q:
        found = _flags[key].get(squeeze(value))
        if found is None:
            raise NotUnderstood(_("“%(filter)s” is not a filter.") % {"filter": f"{key}:{value}"})
        return found.condition(viewer)

    return condition


def _values(key: str) -> Callable[[Agent], Iterable[str]]:
    return lambda viewer: _flags[key].keys()


def _says_status(value: str) -> bool:
    found = _flags["is"].get(squeeze(value))
    return found is not None and found.about_status


def _walks(key: str) -> Callable[[str], bool]:
    return lambda value: squeeze(value) in _flags[key] and _flags[key][squeeze(value)].walks


def offered(key: str) -> list[str]:
    """The flags that can be chosen after is: or has:, in English."""
    return list(_offered[key])


def phase(*phases: Phase) -> Q:
    """Tickets in these phases, written so that the list's own index leads to them."""
    return Q(rank__in=sorted({RANKS[p] for p in phases}), phase__in=[p.value for p in phases])


IS = register(
    Field(
        key="is",
        aliases=("está", "es"),
        label=gettext_lazy("State"),
        condition=_condition("is"),
        values=_values("is"),
        walks=_walks("is"),
        about_status=_says_status,
    )
)
HAS = register(
    Field(
        key="has",
        aliases=("con", "tiene", "com", "tem"),
        label=gettext_lazy("Has"),
        condition=_condition("has"),
        values=_values("has"),
        walks=_walks("has"),
    )
)


def _took_in(viewer: Agent) -> Q:
    """Tickets that others were merged into; those others are out of sight."""
    return Q(pk__in=Ticket.objects.exclude(merged_into=None).values("merged_into"))


flag("is", "open abierto aberto", lambda v: phase(Phase.NEW, Phase.OPEN), about_status=True)
flag("is", "new nuevo novo", lambda v: phase(Phase.NEW), about_status=True)
flag("is", "waiting esperando aguardando", lambda v: Q(rank=1), about_status=True)
flag("is", "snoozed aplazado pospuesto adiado", lambda v: phase(Phase.SNOOZED), about_status=True)
flag("is", "resolved resuelto completado resolvido", lambda v: phase(Phase.RESOLVED), about_status=True)
flag("is", "closed cerrado fechado", lambda v: phase(Phase.CLOSED), about_status=True)
flag("is", "unfinished pendiente pendente", lambda v: Q(rank__lt=DONE_RANK), about_status=True)
flag("is", "done terminado hecho finalizado", lambda v: Q(rank__gte=DONE_RANK), about_status=True)
flag("is", "important importante", lambda v: Q(is_important=True))
flag("is", "unassigned sinasignar libre sematribuir", lambda v: Q(assignee=None))
flag("is", "mine mío mía meu minha", lambda v: Q(assignee=v))
flag("is", "internal interno", lambda v: Q(is_internal=True), walks=True)
flag("is", "merged fusionado unido mesclado", _took_in, walks=True)
FILES = "attachment attachments file files adjunto adjuntos archivo anexo arquivo"
flag("has", FILES, lambda v: Q(has_files=True), walks=True)
flag("has", "note notes nota notas", lambda v: Q(note_count__gt=0), walks=True)
