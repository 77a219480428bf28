"""What an action is: a form, a permission, a sentence, and one verb on a ticket. Each stands in a file of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django import forms
from django.utils.translation import gettext as _

from zaguan.conversations.models import Message
from zaguan.lib.errors import Refused
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Preview:
    """What one action would do to one ticket. `text` is HTML that would be written; `problem` why it cannot."""

    label: str
    old: str = ""
    new: str = ""
    text: str = ""
    problem: str = ""
    # What has to be filled in first, by the names of `keeps`; an earlier step may do it, then this is no problem.
    lacks: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether anything would be different afterwards."""
        return bool(self.text) or self.old != self.new


@dataclass(frozen=True)
class Done:
    """Something was done beside the ticket, such as telling somebody: nothing of it can be taken back."""

    text: str


class ActionForm(forms.Form):
    """The values of one action. What it cleans is stored as JSON: ids, words, numbers, yes or no."""

    def __init__(self, viewer: Agent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer


class Action(ABC):
    """One thing that can be done to a ticket. Subclass it in automation/actions/ and register the class."""

    key: ClassVar[str]
    label: ClassVar[Any]
    icon: ClassVar[str]
    # What the agent needs who runs it.
    permission: ClassVar[str]
    form: ClassVar[type[ActionForm]] = ActionForm
    # What it may change, by the names of automation/snapshots.py: kept for taking it back.
    keeps: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def describe(self, values: Values) -> str:
        """The action as a sentence, for lists and for the history of a run."""

    @abstractmethod
    def preview(self, ticket: Ticket, values: Values, *, by: Any) -> Preview:
        """What it would change on this ticket."""

    @abstractmethod
    def run(self, ticket: Ticket | int, values: Values, *, by: Any) -> Ticket | Message | Done | None:
        """Do it, by the verb of the domain. Returns the ticket after it, the message it wrote, or what else was done."""

    def clean(self, values: Values, viewer: Agent) -> dict[str, Any]:
        """Checked values, ready to be stored. Raises Refused naming the field that is wrong."""
        return cleaned(self.form, self.label, self.key, values, viewer)


def cleaned(form: type[ActionForm], name: Any, key: str, values: Values, viewer: Agent) -> dict[str, Any]:
    """What a form makes of the values; raises Refused naming the field that is wrong."""
    made = form(viewer, dict(values))
    if made.is_valid():
        return made.cleaned_data
    field, errors = next(iter(made.errors.items()))
    label = made.fields[field].label if field in made.fields else name
    raise Refused(
        _("%(action)s: %(problem)s") % {"action": f"{name} ({label})", "problem": errors[0]},
        field=field if field in made.fields else key,
    )


A = TypeVar("A", bound=type[Action])
_actions: dict[str, Action] = {}


def register(action: A) -> A:
    """Offer an action to macros, bulk changes, rules and the API."""
    if action.key in _actions:
        raise ValueError(f"the action {action.key} is registered twice")
    _actions[action.key] = action()
    return action


def all_actions() -> list[Action]:
    """Every action, by its name in the reader's language."""
    return sorted(_actions.values(), key=lambda action: str(action.label).casefold())


def action_named(key: str) -> Action:
    """The action with this key; raises Refused for one that this version does not have."""
    found = _actions.get(key)
    if found is None:
        raise Refused(_("There is no action “%(key)s”.") % {"key": key}, field="action")
    return found
