"""What one value of each built-in operator means for a ticket."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zaguan.lib.folding import squeeze
from zaguan.lib.numbers import whole
from zaguan.people.models import Agent
from zaguan.people.reference import Kept
from zaguan.tickets import reference
from zaguan.tickets.filter_choices import name_of, names_of, names_of_agent, pick
from zaguan.tickets.filter_dates import span_of
from zaguan.tickets.filter_flags import phase
from zaguan.tickets.filtering import NotUnderstood
from zaguan.tickets.models import RANKS, Category, Phase, Ticket, TicketType, Translated, Urgency
from zaguan.tickets.tagged import is_rare, wearing

ME = {"me", "yo", "mi", "eu", "mim"}
NOBODY = {"none", "nobody", "nadie", "ninguno", "ninguna", "nenhum", "nenhuma", "ninguem"}
MINE = {"mine", "mio", "mios", "mia", "mias", "meu", "meus", "minha"}
CONVERSATION = {"conversation", "conversacion", "conversa"}
CHANNELS = {"correo": "email", "mail": "email", "telefono": "phone", "llamada": "phone", "telefone": "phone"}


def status(value: str, viewer: Agent) -> Q:
    """By phase or name in any language; `#3` is the row with this id, whatever else is called like it."""
    exact = reference.statuses.get(whole(value[1:])) if value.startswith("#") else None
    if exact is not None:
        return Q(rank=RANKS[Phase(exact.phase)], status_id=exact.pk)
    phases = [
        p for p in Phase if squeeze(value) in {squeeze(p.value), squeeze(p.name), squeeze(str(p.label))}
    ]
    by_phase = phase(*phases) if phases else Q()
    try:
        found = pick(reference.statuses.all().values(), value, names_of, _("There is no status “%(value)s”."))
    except NotUnderstood:
        if phases:
            return by_phase
        raise
    # With the rank, so that the list's own index leads there.
    ranks = sorted({RANKS[Phase(status.phase)] for status in found})
    return by_phase | Q(rank__in=ranks, status_id__in=[status.pk for status in found])


def assignee(value: str, viewer: Agent) -> Q:
    word = squeeze(value)
    if word in ME:
        return Q(assignee=viewer)
    if word in NOBODY:
        return Q(assignee=None)
    agents = reference.agents.all().values()
    found = pick(agents, value, names_of_agent, _("There is no agent “%(value)s”."))
    return Q(assignee_id__in=[agent.pk for agent in found])


def team(value: str, viewer: Agent) -> Q:
    word = squeeze(value)
    if word in MINE:
        return Q(team_id__in=sorted(viewer.team_ids()))
    if word in NOBODY:
        return Q(team=None)
    found = pick(reference.teams.all().values(), value, name_of, _("There is no team “%(value)s”."))
    return Q(team_id__in=[team.pk for team in found])


def tag(value: str, viewer: Agent) -> Q:
    if squeeze(value) in NOBODY:
        return ~Q(Exists(Ticket.tags.through.objects.filter(ticket_id=OuterRef("pk"))))
    found = _tags_named(value)
    if not found:
        raise NotUnderstood(
            _("There is no tag “%(value)s” yet: make it in Settings → Tags.") % {"value": value}
        )
    return wearing(found)


def tag_is_rare(value: str) -> bool:
    """Whether the tag leads to few tickets."""
    found = _tags_named(value)
    return bool(found) and all(map(is_rare, found))


def _tags_named(value: str) -> list[int]:
    wanted = squeeze(value.lstrip("#"))
    return [tag.pk for tag in reference.tags.all().values() if squeeze(tag.name) == wanted]


def service(value: str, viewer: Agent) -> Q:
    """A node of the tree stands for all below it."""
    every = reference.services.all()
    wanted = {row.pk for row in pick(every.values(), value, names_of, _("There is no service “%(value)s”."))}
    grew = True
    while grew:
        below = {row.pk for row in every.values() if row.parent_id in wanted}
        grew = not below <= wanted
        wanted |= below
    return Q(service_id__in=sorted(wanted))


def of_type(value: str, viewer: Agent) -> Q:
    """A type by its name, a whole category (customer, back-office, tracker), or none: conversations."""
    word, types = squeeze(value), reference.types.all().values()
    if word in NOBODY or word in CONVERSATION:
        return Q(type=None)
    categories = [c for c in TicketType.Category if word in {squeeze(c.value), squeeze(str(c.label))}]
    of_category = [kind.pk for kind in types if kind.category in categories]
    if of_category:
        return Q(type_id__in=of_category)
    try:
        found = pick(types, value, names_of, _("There is no type “%(value)s”."))
    except NotUnderstood:
        if categories:
            # There is no type of this category yet.
            return Q(type_id__in=[])
        raise
    return Q(type_id__in=[kind.pk for kind in found])


def in_list(
    column: str, rows: Kept[Category] | Kept[Urgency], sentence: Promise
) -> Callable[[str, Agent], Q]:
    """The condition of an operator whose values are rows of an editable list."""

    def condition(value: str, viewer: Agent) -> Q:
        if squeeze(value) in NOBODY:
            return Q(**{column: None})
        found = pick(rows.all().values(), value, names_of, str(sentence))
        return Q(**{f"{column}__in": [row.pk for row in found]})

    return condition


def listed(rows: Iterable[Translated]) -> list[str]:
    """Every name of these rows in every language."""
    return [name for row in rows for name in dict.fromkeys(names_of(row))]


def channel(value: str, viewer: Agent) -> Q:
    word = squeeze(value)
    return Q(channel=CHANNELS.get(word, word))


def number(value: str, viewer: Agent) -> Q:
    digits = value.lstrip("#")
    if not digits.isdecimal() or len(digits) > 15:
        raise NotUnderstood(_("“%(value)s” is not a ticket number.") % {"value": value})
    return Q(pk=int(digits))


def during(column: str) -> Callable[[str, Agent], Q]:
    def condition(value: str, viewer: Agent) -> Q:
        start, end = span_of(value)
        found = Q(**{f"{column}__gte": start}) if start else Q()
        return found & Q(**{f"{column}__lt": end}) if end else found

    return condition


def since(value: str, viewer: Agent) -> Q:
    start, end = span_of(value)
    return Q(created_at__gte=start or end)


def before(value: str, viewer: Agent) -> Q:
    start, end = span_of(value)
    return Q(created_at__lt=start or end)


def waiting(value: str, viewer: Agent) -> Q:
    """waiting:2h – for two hours or longer."""
    start, end = span_of(value)
    return Q(waiting_since__lte=start or end)
