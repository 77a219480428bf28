"""Ways between statuses and what each asks for, as an administrator sets them up; who changed what is recorded."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.events import SettingChanged
from zaguan.people.models import Role, Team
from zaguan.people.reference import forget_all
from zaguan.tickets.models import Attribute, Status, TicketType
from zaguan.tickets.requirements import ATTRIBUTE, LABELS
from zaguan.tickets.transitions import EVERYBODY, FREE, NOBODY, SOME, Way, way, ways_of

# From a status, or from any that has nothing of its own.
Source = int | None


@transaction.atomic
def set_way(target: Status, source: Source, kind: TicketType | None, chosen: Way | None, *, by: Any) -> None:
    """Say who goes from `source` (None: from any status) into `target`, on tickets of this type or on all.

    None takes what was said away: then the more general counts. Raises Refused for nobody chosen where only some may.
    """
    if chosen is not None:
        _check(chosen)
    if source == target.pk:
        raise Refused(_("A status does not lead to itself."), field="source")
    if source is not None and not Status.objects.filter(pk=source).exists():
        raise Refused(_("There is no such status."), field="source")

    def write(ways: dict[str, Any]) -> None:
        _put(ways, kind.pk if kind else None, source, chosen)

    _change(target.pk, write, by=by)


def _check(chosen: Way) -> None:
    if chosen.who not in (EVERYBODY, SOME, NOBODY):
        raise Refused(_("Choose who may."), field="who")
    if chosen.who == SOME and not (chosen.roles or chosen.teams or chosen.rules):
        raise Refused(_("Choose at least one role or team, or nobody."), field="roles")
    if Role.objects.filter(pk__in=chosen.roles).count() != len(set(chosen.roles)):
        raise Refused(_("There is no such role."), field="roles")
    if Team.objects.filter(pk__in=chosen.teams).count() != len(set(chosen.teams)):
        raise Refused(_("There is no such team."), field="teams")


def _put(ways: dict[str, Any], type_id: int | None, source: Source, chosen: Way | None) -> None:
    rows = [r for r in ways.get("from", []) if (r["type"], r["source"]) != (type_id, source)]
    if chosen is not None and (chosen != FREE or type_id is not None or source is not None):
        some = {"roles": list(chosen.roles), "teams": list(chosen.teams), "rules": chosen.rules}
        rows.append(
            {"type": type_id, "source": source, "who": chosen.who, **(some if chosen.who == SOME else {})}
        )
    ways["from"] = rows


@transaction.atomic
def set_possible(kind: TicketType | None, possible: Mapping[int, Iterable[int]], *, by: Any) -> int:
    """The whole matrix at once: from which statuses each target is entered; returns how many targets changed.

    A way that is taken away is nobody's; one that is given again is everybody's; who goes the others stays.
    """
    statuses = {status.pk: status for status in Status.objects.filter(archived_at=None)}
    type_id = kind.pk if kind else None
    changed = 0
    for pk, sources in possible.items():
        if pk not in statuses:
            continue
        wanted = set(sources)
        differing = [
            (source, source in wanted)
            for source in statuses
            if source != pk and (way(source, statuses[pk], type_id).who != NOBODY) != (source in wanted)
        ]
        if differing:
            _change(pk, partial(_open, statuses[pk], type_id, differing), by=by)
            changed += 1
    return changed


def _open(
    target: Status, type_id: int | None, differing: list[tuple[int, bool]], ways: dict[str, Any]
) -> None:
    for source, is_open in differing:
        _put(ways, type_id, source, None)
        # What is said for all may say the same already.
        target.ways = ways
        if (way(source, target, type_id).who != NOBODY) != is_open:
            _put(ways, type_id, source, Way(EVERYBODY if is_open else NOBODY))


@transaction.atomic
def set_needs(status: Status, kind: TicketType | None, fields: Iterable[str], *, by: Any) -> None:
    """What must be filled in to enter a status, on all tickets or besides on those of a type. Refused for an unknown one."""
    wanted = list(dict.fromkeys(fields))
    known = {f"{ATTRIBUTE}{pk}" for pk in Attribute.objects.filter(type=kind).values_list("pk", flat=True)}
    for key in wanted:
        if key not in LABELS and not (kind and key in known):
            raise Refused(_("“%(field)s” cannot be asked for here.") % {"field": key}, field="fields")

    def write(ways: dict[str, Any]) -> None:
        type_id = kind.pk if kind else None
        rows = [row for row in ways.get("needs", []) if row["type"] != type_id]
        ways["needs"] = [*rows, {"type": type_id, "fields": wanted}] if wanted else rows

    _change(status.pk, write, by=by)


def _change(number: int, write: Callable[[dict[str, Any]], None], *, by: Any) -> None:
    status = Status.objects.select_for_update(of=("self",)).get(pk=number)
    old, new = status.ways, copy.deepcopy(status.ways)
    write(new)
    new = {name: rows for name, rows in new.items() if rows}
    if new == old:
        return
    status.ways = new
    status.save(update_fields=["ways"])
    forget_all()
    record(SettingChanged(what="status", id=status.pk, name=status.name, changes={"ways": [old, new]}), by=by)


def own_way(target: Status, source: Source, type_id: int | None) -> Way | None:
    """What was said for exactly this, None when nothing was."""
    return ways_of(target).get((type_id, source))
