"""Canned messages: written, shared, put away (A15.4, R18)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.conversations.models import Attachment, Canned, CannedFile
from zaguan.conversations.permissions import SHARE_CANNED
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.lib.folding import fold
from zaguan.people.events import SettingChanged
from zaguan.people.models import Agent, Role, Team

LONGEST = 50_000
_SHORTCUT = re.compile(r"[^\W_][\w.-]*")
FIELDS = ("name", "shortcut", "folder", "text", "texts", "owner", "team")


@transaction.atomic
def save_canned(
    agent: Agent,
    canned: Canned | None,
    *,
    name: str,
    text: str,
    shortcut: str = "",
    folder: str = "",
    texts: dict[str, str] | None = None,
    team: Team | None = None,
    everybody: bool = False,
    by: Any,
) -> Canned:
    """Write a canned message, or change one. Raises Refused for a wrong shortcut, no text, or sharing without the permission."""
    if canned is not None:
        _check_mine(agent, canned)
    _check_sharing(agent, team, everybody)
    owner = None if everybody or team else agent
    values: dict[str, Any] = {
        "name": " ".join(name.split()),
        "text": text.strip(),
        "owner": owner,
        "team": team,
    }
    values["folder"] = " / ".join(part.strip() for part in folder.split("/") if part.strip())[:120]
    values["texts"] = {code: each.strip() for code, each in (texts or {}).items() if each.strip()}
    values["shortcut"] = _shortcut(shortcut, canned, owner, team)
    _check_texts(values)
    saved = canned or Canned()
    changes = {k: [_plain(getattr(saved, k)), _plain(v)] for k, v in values.items() if getattr(saved, k) != v}
    for key, value in values.items():
        setattr(saved, key, value)
    saved.changed_by = agent
    saved.save()
    record(SettingChanged(what="canned", id=saved.pk, name=saved.name, changes=changes), by=by)
    return saved


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | dict) else str(value or "")


def _check_texts(values: dict[str, Any]) -> None:
    if not values["name"] or len(values["name"]) > 80:
        raise Refused(_("A canned message has a name of 1 to 80 letters."), field="name")
    if not values["text"]:
        raise Refused(_("Write the text."), field="text")
    if any(len(each) > LONGEST for each in (values["text"], *values["texts"].values())):
        raise Refused(_("This text is too long."), field="text")


def _shortcut(typed: str, canned: Canned | None, owner: Agent | None, team: Team | None) -> str:
    shortcut = fold(typed).strip().removeprefix("/").replace(" ", "-")
    if not shortcut:
        return ""
    if len(shortcut) > 40 or not _SHORTCUT.fullmatch(shortcut):
        raise Refused(_("A shortcut is one word of letters and digits, such as “refund”."), field="shortcut")
    same = Canned.objects.filter(shortcut=shortcut, owner=owner, team=team, archived_at=None)
    if same.exclude(pk=canned.pk if canned else 0).exists():
        raise Refused(_("/%(shortcut)s is taken.") % {"shortcut": shortcut}, field="shortcut")
    return shortcut


def _check_sharing(agent: Agent, team: Team | None, everybody: bool) -> None:
    if (team or everybody) and not agent.can(SHARE_CANNED):
        raise Refused(_("You may not share canned messages. Ask an administrator."), field="shared")
    sees_all = agent.scope == Role.Scope.ALL
    if team is not None and not sees_all and team.pk not in agent.team_ids():
        raise Refused(_("You are not in the team %(team)s.") % {"team": team.name}, field="shared")


def _check_mine(agent: Agent, canned: Canned) -> None:
    if canned.owner_id is None:
        _check_sharing(agent, canned.team, everybody=canned.team is None)
    elif canned.owner_id != agent.pk:
        raise Refused(_("This canned message belongs to somebody else."))


def may_change(agent: Agent, canned: Canned) -> bool:
    """Whether the agent may change it: their own, or a shared one with the permission."""
    return canned.owner_id == agent.pk or (canned.owner_id is None and agent.can(SHARE_CANNED))


@transaction.atomic
def set_files(agent: Agent, canned: Canned, files: Sequence[Attachment], *, by: Any) -> None:
    """The files that go with it from now on: those it has, and the agent's own uploads."""
    _check_mine(agent, canned)
    allowed = Q(canned_in__canned=canned) | Q(message=None, uploaded_by=agent, canned_in=None)
    kept = list(Attachment.objects.filter(allowed, pk__in=[file.pk for file in files]))
    before = sorted(canned.files.values_list("attachment__name", flat=True))
    canned.files.exclude(attachment__in=kept).delete()
    has = set(canned.files.values_list("attachment_id", flat=True))
    CannedFile.objects.bulk_create(
        [CannedFile(canned=canned, attachment=file) for file in kept if file.pk not in has]
    )
    # Nobody's upload any more, so that nobody can send this very row away.
    Attachment.objects.filter(pk__in=[file.pk for file in kept]).update(uploaded_by=None)
    after = sorted(file.name for file in kept)
    if before != after:
        event = SettingChanged(
            what="canned", id=canned.pk, name=canned.name, changes={"files": [before, after]}
        )
        record(event, by=by)


@transaction.atomic
def archive_canned(agent: Agent, canned: Canned, archived: bool, *, by: Any) -> None:
    """Put a canned message away, or bring it back."""
    _check_mine(agent, canned)
    canned.archived_at = timezone.now() if archived else None
    canned.save(update_fields=["archived_at", "updated_at"])
    changes = {"archived": [not archived, archived]}
    record(SettingChanged(what="canned", id=canned.pk, name=canned.name, changes=changes), by=by)


@transaction.atomic
def delete_canned(agent: Agent, canned: Canned, *, by: Any) -> None:
    """Forget a canned message; what was sent with it stays as it was sent."""
    _check_mine(agent, canned)
    number = canned.pk
    canned.delete()
    changes = {"deleted": [False, True]}
    record(SettingChanged(what="canned", id=number, name=canned.name, changes=changes), by=by)
