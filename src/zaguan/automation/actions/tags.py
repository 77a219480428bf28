"""Put tags on a ticket, and take tags off."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import Action, ActionForm, Preview, Values, register
from zaguan.automation.fields import WordsField
from zaguan.tickets import reference
from zaguan.tickets.editing import retag, tag_named
from zaguan.tickets.models import Tag, Ticket


class TagsForm(ActionForm):
    """Which tags."""

    tags = WordsField(
        label=gettext_lazy("Tags"),
        max_length=400,
        help_text=gettext_lazy("Several are separated by commas."),
    )


def _known(values: Values) -> list[Tag]:
    """Those of the named tags that exist: others are on no ticket."""
    wanted = {name.casefold() for name in values["tags"]}
    known = [tag for tag in reference.tags.all().values() if tag.name.casefold() in wanted]
    if len(known) < len(wanted):
        # One may have been made just now.
        reference.tags.forget()
        known = [tag for tag in reference.tags.all().values() if tag.name.casefold() in wanted]
    return known


def _words(ticket: Ticket) -> list[str]:
    return [tag.name for tag in ticket.tags.all()]


@register
class AddTags(Action):
    key = "add_tags"
    label = gettext_lazy("Add tags")
    icon = "tag"
    permission = "tickets.edit"
    form = TagsForm
    keeps = ("tags",)

    def describe(self, values: Values) -> str:
        return _("Add the tags %(tags)s") % {"tags": ", ".join(values["tags"])}

    def preview(self, ticket: Ticket, values: Values, *, by: Any) -> Preview:
        old = _words(ticket)
        has = {word.casefold() for word in old}
        new = [*old, *(word for word in values["tags"] if word.casefold() not in has)]
        return Preview(_("Tags"), ", ".join(old) or "–", ", ".join(sorted(new, key=str.casefold)))

    def run(self, ticket: Ticket | int, values: Values, *, by: Any) -> Ticket:
        known = {tag.name.casefold(): tag for tag in _known(values)}
        add = [known.get(name.casefold()) or tag_named(name) for name in values["tags"]]
        return retag(ticket, by=by, add=add)


@register
class RemoveTags(Action):
    key = "remove_tags"
    label = gettext_lazy("Remove tags")
    icon = "tag"
    permission = "tickets.edit"
    form = TagsForm
    keeps = ("tags",)

    def describe(self, values: Values) -> str:
        return _("Remove the tags %(tags)s") % {"tags": ", ".join(values["tags"])}

    def preview(self, ticket: Ticket, values: Values, *, by: Any) -> Preview:
        old = _words(ticket)
        gone = {word.casefold() for word in values["tags"]}
        new = [word for word in old if word.casefold() not in gone]
        return Preview(_("Tags"), ", ".join(old) or "–", ", ".join(new) or "–")

    def run(self, ticket: Ticket | int, values: Values, *, by: Any) -> Ticket:
        return retag(ticket, by=by, remove=_known(values))
