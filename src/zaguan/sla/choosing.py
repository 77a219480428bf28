"""Which policy a ticket has: the first active one in order whose filter finds it, asked of the database in one question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from time import monotonic
from typing import NamedTuple

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext as _

from zaguan.lib.errors import Refused
from zaguan.lib.folding import squeeze
from zaguan.lib.many import PreparedMany
from zaguan.people.models import Agent, Role
from zaguan.people.reference import Kept
from zaguan.sla.models import PolicyVersion
from zaguan.tickets.filter_language import Term, read
from zaguan.tickets.filtering import LIFETIME, Query, builtin_names, field_named, parse
from zaguan.tickets.models import Ticket

# Every version of every policy: few, and never changed.
versions: Kept[PolicyVersion] = Kept(
    lambda: PolicyVersion.objects.select_related("policy", "calendar").order_by(
        "policy__position", "policy_id", "number"
    )
)
# What is true of a ticket whoever looks at it and whenever, and what changes tell of.
CHOOSING = {
    *("service", "servicio", "servico", "category", "categoria", "urgency", "urgencia", "prioridad"),
    *("priority", "prioridade", "from", "requester", "de", "solicitante", "cliente", "customer"),
    *("organisation", "organization", "org", "organizacion", "empresa", "organizacao", "company"),
    *("channel", "canal", "inbox", "buzon", "bandeja", "cuenta", "account", "caixa", "type", "tipo"),
    *("tag", "etiqueta", "tags", "etiquetas", "label", "team", "equipo", "grupo", "group", "equipe"),
}
_FLAGS = {"important", "importante", "internal", "interno"}
_OF_VIEWERS = {"mine", "mio", "mios", "mia", "mias", "meu", "meus", "minha"}


class Chosen(NamedTuple):
    """A ticket's policy, with what else its first clocks need."""

    number: int
    version_id: int | None
    urgency_id: int | None
    team_id: int | None
    opened_at: datetime


def current() -> list[PolicyVersion]:
    """The newest versions of the active policies, in their order."""
    rows = versions.all().values()
    return [v for v in rows if v.policy.is_active and not v.policy.archived_at and v.is_newest]


def newest(policy_id: int) -> PolicyVersion | None:
    """What a policy says now."""
    return next((v for v in versions.all().values() if v.policy_id == policy_id and v.is_newest), None)


def are_there_any() -> bool:
    """Whether anything is promised, or was once: else no ticket has a clock."""
    return any(version.policy.activated_at for version in versions.all().values())


def subjects() -> set[str]:
    """What the active policies look at: the operators in their filters, contact.plan as "contact"."""
    terms = (part for version in current() for part in read(version.query) if isinstance(part, Term))
    found = (field_named(term.key) for term in terms)
    return {field.key.partition(".")[0] for field in found if field is not None}


def choose(numbers: Sequence[int]) -> dict[int, Chosen]:
    """The policy of each of these tickets: one question for all policies and 256 tickets."""
    return {row[0]: Chosen(row[0], row[1] or None, *row[2:]) for row in _question()(numbers)}


class _Made:
    """The question for what the policies say; names in filters are looked up again from time to time."""

    edition = -1
    until = 0.0
    question: PreparedMany | None = None


def forget() -> None:
    """Look up again what filters name, and whom they find by it."""
    versions.forget()
    _Made.question = None


def _question() -> PreparedMany:
    versions.all()
    if _Made.question is None or _Made.edition != versions.edition or monotonic() >= _Made.until:
        asked = {version.pk: parse(version.query, nobody(), with_words=False) for version in current()}
        _Made.question, _Made.edition = _written(asked), versions.edition
        _Made.until = monotonic() + min((each.lifetime for each in asked.values()), default=LIFETIME)
    return _Made.question


def _written(asked: dict[int, Query]) -> PreparedMany:
    cases = [
        When(condition, then=Value(version))
        for version, read in asked.items()
        if (condition := _condition(read)) is not None
    ]
    chosen = Case(*cases, default=Value(0), output_field=IntegerField())
    return PreparedMany(
        lambda numbers: (
            Ticket.objects.filter(pk__in=numbers)
            .annotate(chosen=chosen)
            .values_list("pk", "chosen", "urgency_id", "team_id", "created_at")
        )
    )


def condition_of(query: str) -> Q | None:
    """What a policy's filter asks; None for one that can no longer be understood, which finds nothing."""
    return _condition(parse(query, nobody(), with_words=False))


def _condition(read: Query) -> Q | None:
    if read.problems or read.tokens:
        return None
    return read.q if read.q else Q(pk__isnull=False)


def nobody() -> Agent:
    """Who asks: all of the desk's tickets, nobody's own."""
    return Agent(pk=0, name="", is_active=True, role=Role(is_admin=True))


def refuse_unclear(query: str) -> None:
    """Raises Refused for a filter that does not say the same of a ticket whoever reads it and whenever."""
    read = parse(query, nobody(), with_words=False)
    if read.problems:
        raise Refused(read.problems[0], field="query")
    if read.tokens:
        raise Refused(
            _("Words of a conversation do not choose what is promised. Use a tag: tag:vip."), field="query"
        )
    if unfit := next((term for term in read.terms if not _is_fit(term)), None):
        raise Refused(
            _("“%(filter)s” changes while a ticket is worked on, or depends on who looks. Choose by service, "
              "category, urgency, customer, organisation, channel, inbox, type, team or tag.")
            % {"filter": str(unfit)},
            field="query",
        )  # fmt: skip


def _is_fit(term: Term) -> bool:
    key, values = squeeze(term.key), {squeeze(value) for value in term.values}
    if key in {"is", "es", "esta"}:
        return values <= _FLAGS
    # Attributes and profile fields are nobody's built-in names.
    return (key in CHOOSING or key not in builtin_names()) and not values & _OF_VIEWERS


def unclear(version: PolicyVersion) -> str:
    """Why a policy's filter finds nothing any more, "" for one that works; something it names may be gone."""
    read = parse(version.query, nobody(), with_words=False)
    return read.problems[0] if read.problems else ""


def matching(numbers: Iterable[int], version: PolicyVersion) -> set[int]:
    """Which of these tickets a version's filter finds."""
    condition = condition_of(version.query)
    if condition is None:
        return set()
    return set(Ticket.objects.filter(condition, pk__in=list(numbers)).values_list("pk", flat=True))
