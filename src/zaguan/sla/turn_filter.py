"""The operator turn: – tickets by whose turn it is now."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.lib.folding import squeeze
from zaguan.people.models import Agent
from zaguan.sla.sides import Side, whose_turn
from zaguan.tickets.filtering import Field, NotUnderstood, register

WORDS = {
    Side.AGENT: "agent agente ours nuestro nosso",
    Side.CUSTOMER: "customer cliente",
    Side.THIRD: "third thirdparty tercero terceros terceiro terceiros",
    Side.NOBODY: "nobody nadie ninguem",
}
_SIDES = {squeeze(word): side for side, words in WORDS.items() for word in words.split()}


def _turn(value: str, viewer: Agent) -> Q:
    side = _SIDES.get(squeeze(value))
    if side is None:
        raise NotUnderstood(
            _("“%(value)s” has no turn: write agent, customer, third or nobody.") % {"value": value}
        )
    return whose_turn(side)


register(
    Field(
        key="turn",
        aliases=("turno", "vez"),
        label=gettext_lazy("Whose turn"),
        condition=_turn,
        values=lambda viewer: [side.value for side in Side],
        about_status=True,
    )
)
