"""Skills, and what each agent can: skills with levels, languages, how much they carry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.capacity import MOST
from zaguan.people.events import AgentChanged, SettingChanged
from zaguan.people.models import Agent, AgentSkill, Skill

# Those that are offered; any other two or three letters may be written by the API.
LANGUAGES = ("es", "pt", "en", "fr", "it", "de", "ca", "gl", "eu", "nl", "pl", "ro", "ru", "uk", "ar", "ja")
_CODE = re.compile(r"^[a-z]{2,3}$")


@transaction.atomic
def save_skill(skill: Skill | None, *, name: str, by: Any, description: str = "") -> Skill:
    """Make a skill, or change it."""
    name = name.strip()[:80]
    if not name:
        raise Refused(_("A skill needs a name."), field="name")
    saved = skill or Skill()
    changes = {"name": [saved.name, name], "description": [saved.description, description]}
    saved.name, saved.description = name, description.strip()[:200]
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError:
        raise Refused(_("There is a skill of this name already."), field="name") from None
    record(SettingChanged(what="skill", id=saved.pk, name=saved.name, changes=changes), by=by)
    return saved


@transaction.atomic
def set_skill_archived(skill: Skill, archived: bool, *, by: Any) -> None:
    """Ask for it no longer, or again; who has it stays written down."""
    skill.archived_at = timezone.now() if archived else None
    skill.save(update_fields=["archived_at"])
    changes = {"archived": [not archived, archived]}
    record(SettingChanged(what="skill", id=skill.pk, name=skill.name, changes=changes), by=by)


@transaction.atomic
def set_abilities(
    agent: Agent,
    *,
    by: Any,
    skills: Mapping[int, int] | None = None,
    languages: Iterable[str] | None = None,
    capacity: int | str | None = "",
) -> Agent:
    """What an agent can: skills (id → level 1 to 3), languages, how much they carry (None: as the desk says, "" stays)."""
    fresh = Agent.objects.select_for_update(of=("self",)).get(pk=agent.pk)
    changes: dict[str, Any] = {}
    if languages is not None:
        changes |= _changed(fresh, "languages", codes(languages))
    if not isinstance(capacity, str):
        if capacity is not None and not 0 <= capacity <= MOST:
            raise Refused(_("Write a number from 0 to 1000."), field="capacity")
        changes |= _changed(fresh, "capacity", capacity)
    fresh.save(update_fields=["languages", "capacity"])
    if skills is not None:
        changes |= _change_skills(fresh, skills)
    if changes:
        record(AgentChanged(agent_id=fresh.pk, changes=changes), by=by)
    return fresh


def codes(languages: Iterable[str]) -> list[str]:
    """Language codes without regions, each once: "pt-BR" is "pt"."""
    found = dict.fromkeys(base(each) for each in languages if each.strip())
    for code in found:
        if not _CODE.match(code):
            raise Refused(
                _("“%(value)s” is not the code of a language.") % {"value": code}, field="languages"
            )
    return list(found)


def base(language: str) -> str:
    """The language without its region."""
    return language.strip().lower().replace("_", "-").split("-")[0]


def languages_of(agent: Agent) -> list[str]:
    """In which an agent answers; who names none answers in that of their desk."""
    return agent.languages or [base(agent.language)]


def _changed(agent: Agent, name: str, value: Any) -> dict[str, Any]:
    old = getattr(agent, name)
    setattr(agent, name, value)
    return {} if old == value else {name: [old, value]}


def _change_skills(agent: Agent, skills: Mapping[int, int]) -> dict[str, Any]:
    known = set(Skill.objects.filter(pk__in=list(skills)).values_list("pk", flat=True))
    if set(skills) - known or not set(skills.values()) <= set(AgentSkill.Level.values):
        raise Refused(_("Choose skills from the list, with a level from 1 to 3."), field="skills")
    old = dict(AgentSkill.objects.filter(agent=agent).order_by("skill_id").values_list("skill_id", "level"))
    new = dict(sorted(skills.items()))
    if old == new:
        return {}
    AgentSkill.objects.filter(agent=agent).exclude(skill_id__in=new).delete()
    rows = [AgentSkill(agent=agent, skill_id=skill, level=level) for skill, level in new.items()]
    AgentSkill.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["agent", "skill"], update_fields=["level"]
    )
    names = dict(Skill.objects.values_list("pk", "name"))
    return {"skills": [", ".join(names[pk] for pk in each if pk in names) for each in (old, new)]}
