"""approval:waiting|approved|rejected|mine – how the approvals of a ticket stand, and those that wait for me."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.lib.folding import squeeze
from zaguan.people.models import Agent
from zaguan.tickets.filtering import Field, NotUnderstood, register
from zaguan.tickets.models import Approval, ApprovalState

MINE = "mine"
_WORDS = {
    "waiting": ApprovalState.WAITING,
    "pendiente": ApprovalState.WAITING,
    "pendente": ApprovalState.WAITING,
    "approved": ApprovalState.APPROVED,
    "aprobado": ApprovalState.APPROVED,
    "aprobada": ApprovalState.APPROVED,
    "aprovado": ApprovalState.APPROVED,
    "aprovada": ApprovalState.APPROVED,
    "rejected": ApprovalState.REJECTED,
    "rechazado": ApprovalState.REJECTED,
    "rechazada": ApprovalState.REJECTED,
    "rejeitado": ApprovalState.REJECTED,
    "rejeitada": ApprovalState.REJECTED,
}
_MINE = {MINE, "mia", "mio", "minha", "meu"}


def _approval(value: str, viewer: Agent) -> Q:
    word = squeeze(value)
    if word in _MINE:
        waiting = Approval.objects.all().waiting_for(viewer)
        return Q(approval_state=ApprovalState.WAITING, pk__in=waiting.values("ticket"))
    state = {squeeze(name): state for name, state in _WORDS.items()}.get(word)
    if state is None:
        raise NotUnderstood(_("“%(filter)s” is not a filter.") % {"filter": f"approval:{value}"})
    return Q(approval_state=state)


def _is_open(value: str) -> bool:
    """Few wait at a time; decided ones grow."""
    word = squeeze(value)
    return word in _MINE or _WORDS.get(word) == ApprovalState.WAITING


register(
    Field(
        key="approval",
        aliases=("aprobación", "aprovação"),
        label=gettext_lazy("Approval"),
        condition=_approval,
        values=lambda viewer: [*ApprovalState.values, MINE],
        narrow=_is_open,
        walks=lambda value: not _is_open(value),
    )
)
