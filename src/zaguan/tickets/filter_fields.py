"""The operators of tickets themselves, with their names in three languages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zaguan.tickets import (
    attribute_filters,
    filter_approvals,
    filter_flags,
    filter_people,
    filter_profiles,
    filter_work,
    reference,
)
from zaguan.tickets import filter_conditions as conditions
from zaguan.tickets.filtering import Field, register
from zaguan.tickets.models import TicketType

__all__ = [
    "attribute_filters", "filter_approvals", "filter_flags", "filter_people", "filter_profiles", "filter_work",
]  # fmt: skip

register(
    Field(
        key="status",
        aliases=("estado",),
        label=_("Status"),
        condition=conditions.status,
        values=lambda v: conditions.listed(reference.statuses.all().values()),
        about_status=True,
    )
)
register(
    Field(
        key="assignee",
        aliases=("asignado", "agente", "agent", "responsable", "atribuído", "responsável"),
        label=_("Assignee"),
        condition=conditions.assignee,
        values=lambda v: ["me", "none", *(agent.name for agent in reference.agents.all().values())],
    )
)
register(
    Field(
        key="team",
        aliases=("equipo", "grupo", "group", "equipe"),
        label=_("Team"),
        condition=conditions.team,
        values=lambda v: ["mine", "none", *(team.name for team in reference.teams.all().values())],
    )
)
register(
    Field(
        key="tag",
        aliases=("etiqueta", "tags", "etiquetas", "label"),
        label=_("Tag"),
        condition=conditions.tag,
        narrow=conditions.tag_is_rare,
        values=lambda v: [tag.name for tag in reference.tags.all().values()],
    )
)
register(
    Field(
        key="category",
        aliases=("categoría", "categoria"),
        label=_("Category"),
        condition=conditions.in_list(
            "category_id", reference.categories, _("There is no category “%(value)s”.")
        ),
        values=lambda v: conditions.listed(reference.categories.all().values()),
        walks=True,
    )
)
register(
    Field(
        key="urgency",
        aliases=("urgencia", "prioridad", "priority", "urgência", "prioridade"),
        label=_("Urgency"),
        condition=conditions.in_list(
            "urgency_id", reference.urgencies, _("There is no urgency “%(value)s”.")
        ),
        values=lambda v: conditions.listed(reference.urgencies.all().values()),
        walks=True,
    )
)
register(
    Field(
        key="service",
        aliases=("servicio", "serviço"),
        label=_("Service"),
        condition=conditions.service,
        values=lambda v: conditions.listed(reference.services.all().values()),
        walks=True,
    )
)
register(
    Field(
        key="type",
        aliases=("tipo",),
        label=_("Type"),
        condition=conditions.of_type,
        values=lambda v: [*TicketType.Category.values, *conditions.listed(reference.types.all().values())],
        walks=True,
    )
)
register(
    Field(
        key="channel",
        aliases=("canal",),
        label=_("Channel"),
        condition=conditions.channel,
        values=lambda v: ["email", "phone", "web", "api"],
        walks=True,
    )
)
register(
    Field(key="number", aliases=("número", "id"), label=_("Number"), condition=conditions.number, narrow=True)
)
register(
    Field(
        key="created",
        aliases=("creado", "criado"),
        label=_("Created"),
        condition=conditions.during("created_at"),
        walks=True,
    )
)
register(
    Field(
        key="updated",
        aliases=("actualizado", "modificado", "atualizado"),
        label=_("Changed"),
        condition=conditions.during("updated_at"),
        walks=True,
    )
)
register(
    Field(
        key="active",
        aliases=("activo", "actividad", "ativo"),
        label=_("Last activity"),
        condition=conditions.during("active_at"),
        walks=True,
    )
)
register(
    Field(
        key="resolved",
        aliases=("resuelto", "resolvido"),
        label=_("Resolved"),
        condition=conditions.during("resolved_at"),
        walks=True,
    )
)
register(
    Field(
        key="closed",
        aliases=("cerrado", "fechado"),
        label=_("Closed"),
        condition=conditions.during("closed_at"),
        walks=True,
    )
)
register(
    Field(
        key="after",
        aliases=("después", "desde", "depois", "since"),
        label=_("After"),
        condition=conditions.since,
        walks=True,
    )
)
register(
    Field(
        key="before",
        aliases=("antes", "hasta", "até", "until"),
        label=_("Before"),
        condition=conditions.before,
        walks=True,
    )
)
register(
    Field(
        key="waiting",
        aliases=("esperando", "espera", "aguardando"),
        label=_("Waiting longer than"),
        condition=conditions.waiting,
    )
)
