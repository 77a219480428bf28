"""Conditions on what was said, by whom, and when: words, first message, a machine, out of hours, an SLA target."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import ActionForm
from zaguan.automation.conditions import Condition, Seen, Values, register
from zaguan.automation.facts import Fact
from zaguan.automation.fields import WordsField
from zaguan.automation.seen_words import choice, choice_of, said
from zaguan.conversations.automatic import is_from_machine
from zaguan.lib.folding import fold
from zaguan.lib.text import excerpt

SAID = (
    "tickets.TicketOpened",
    "conversations.MessageReceived",
    "conversations.MessageSent",
    "conversations.NoteAdded",
    "conversations.CallLogged",
    "conversations.SideMessageReceived",
)
_AUTHORS = {
    "contact": gettext_lazy("The customer"),
    "agent": gettext_lazy("An agent"),
    "rule": gettext_lazy("A rule"),
    "system": gettext_lazy("Zaguán"),
}
_TARGETS = {
    "first": gettext_lazy("First answer"),
    "next": gettext_lazy("Next answer"),
    "resolution": gettext_lazy("Resolution"),
    "update": gettext_lazy("Regular update"),
}
choice_of("by", lambda: _AUTHORS)
choice_of("target", lambda: _TARGETS)
choice_of("hours", lambda: {"open": gettext_lazy("open"), "closed": gettext_lazy("closed")})
# Letters of a message that are looked through.
MOST_LETTERS = 50_000


class WordsForm(ActionForm):
    """One of them is enough; several words stand for a phrase."""

    words = WordsField(
        label=gettext_lazy("Words or phrases"),
        max_length=1000,
        help_text=gettext_lazy(
            "Separated by commas; one of them is enough. Whole words, in any spelling of accents."
        ),
    )


@register
class MessageContains(Condition):
    key = "message_contains"
    label = gettext_lazy("The message or its subject contains")
    kinds = SAID
    form = WordsForm
    reads = True

    def describe(self, values: Values) -> str:
        return _("The message contains %(words)s") % {"words": ", ".join(f"“{w}”" for w in values["words"])}

    def look(self, fact: Fact, values: Values) -> Seen:
        message = fact.message
        subject = (message.subject if message else "") or fact.data.get("subject", "")
        said = (message.reply_text or message.text) if message else ""
        text = fold(f"{subject}\n{said}"[:MOST_LETTERS])
        found = [
            word for word in values["words"] if re.search(rf"(?<!\w){re.escape(fold(word))}(?!\w)", text)
        ]
        return Seen(bool(found), ", ".join(found) or excerpt(f"{subject} {said}", 80))


@register
class FirstMessage(Condition):
    key = "first_message"
    label = gettext_lazy("It is the first message of the ticket")
    kinds = ("conversations.MessageReceived", "conversations.MessageSent", "tickets.TicketOpened")
    reads = True

    def describe(self, values: Values) -> str:
        return str(self.label)

    def look(self, fact: Fact, values: Values) -> Seen:
        return Seen(fact.is_first_message)


@register
class FromMachine(Condition):
    key = "from_machine"
    label = gettext_lazy("A machine or a mailing list wrote it")
    kinds = ("conversations.MessageReceived", "conversations.SideMessageReceived", "tickets.TicketOpened")
    reads = True

    def describe(self, values: Values) -> str:
        return str(self.label)

    def look(self, fact: Fact, values: Values) -> Seen:
        message = fact.message
        return Seen(bool(fact.data.get("machine")) or (message is not None and is_from_machine(message)))


class AuthorForm(ActionForm):
    """Who caused it."""

    by = forms.ChoiceField(label=gettext_lazy("Who"), choices=list(_AUTHORS.items()))


@register
class CausedBy(Condition):
    key = "caused_by"
    label = gettext_lazy("Who did it")
    form = AuthorForm

    def describe(self, values: Values) -> str:
        return _("%(what)s: %(value)s") % {"what": self.label, "value": said(choice("by", values["by"]))}

    def look(self, fact: Fact, values: Values) -> Seen:
        return Seen(fact.actor_kind == values["by"], choice("by", fact.actor_kind))


def _is_open(fact: Fact) -> bool:
    from zaguan.sla.business_time import is_open
    from zaguan.sla.calendars import calendar_of_team, hours_of

    return is_open(hours_of(calendar_of_team(fact.ticket.team_id)), fact.at)


@register
class OutOfHours(Condition):
    key = "out_of_hours"
    label = gettext_lazy("It is out of hours")
    reads = True

    def describe(self, values: Values) -> str:
        return _("It happens out of the team's hours")

    def look(self, fact: Fact, values: Values) -> Seen:
        open_then = _is_open(fact)
        return Seen(not open_then, choice("hours", "open" if open_then else "closed"))


class TargetForm(ActionForm):
    """Which promise of time."""

    target = forms.ChoiceField(label=gettext_lazy("Target"), choices=list(_TARGETS.items()))


@register
class TargetIs(Condition):
    key = "target_is"
    label = gettext_lazy("The SLA target")
    kinds = ("sla.TargetNear", "sla.TargetMissed")
    form = TargetForm

    def describe(self, values: Values) -> str:
        return _("%(what)s: %(value)s") % {
            "what": self.label,
            "value": said(choice("target", values["target"])),
        }

    def look(self, fact: Fact, values: Values) -> Seen:
        found = fact.data.get("target", "")
        return Seen(found == values["target"], choice("target", found))
