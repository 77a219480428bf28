"""Texts of actions: typed for the action, or a canned message, with placeholders filled in for the ticket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zaguan.automation.base import ActionForm, Preview, Values
from zaguan.conversations.drafting import draft_of, save_draft
from zaguan.conversations.models import Canned, Draft
from zaguan.conversations.placeholders import fill, unknown_in
from zaguan.conversations.typed_texts import as_html
from zaguan.conversations.using_canned import Ready, make_ready, text_for
from zaguan.lib.errors import Refused
from zaguan.lib.html import text_of
from zaguan.lib.text import excerpt
from zaguan.people.models import Agent
from zaguan.tickets.models import Ticket


def known_placeholders(text: str) -> str:
    """The text, when every placeholder in it is one. A name nobody knows would reach its readers in braces."""
    if unknown := unknown_in(text):
        raise forms.ValidationError(_("There is no placeholder “%(name)s”.") % {"name": unknown})
    return text


class TextForm(ActionForm):
    """A text, or a canned message."""

    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "{{requester.first_name|there}} stands for the first name, and for “there” when it is unknown."
        ),
    )
    canned = forms.TypedChoiceField(
        label=gettext_lazy("Or a canned message"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, viewer: Agent, *args: Any, **kwargs: Any) -> None:
        super().__init__(viewer, *args, **kwargs)
        rows = Canned.objects.visible_to(viewer).filter(archived_at=None)
        choices = [("", "–"), *((str(row.pk), row.name) for row in rows)]
        self.fields["canned"].choices = choices  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        """Every placeholder is known."""
        return known_placeholders(self.cleaned_data["text"])

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        data = super().clean() or {}
        if not (data.get("text") or "").strip() and not data.get("canned") and not self.errors:
            self.add_error("text", _("Write a text, or choose a canned message."))
        return data


def _canned(values: Values) -> Canned | None:
    if not values.get("canned"):
        return None
    found = Canned.objects.filter(pk=values["canned"], archived_at=None).first()
    if found is None:
        raise Refused(_("The canned message of this action is no longer there."), field="canned")
    return found


def written_for(ticket: Ticket, values: Values, *, by: Any, with_files: bool = False) -> Ready:
    """The text for this ticket. Raises Refused naming a placeholder that has neither value nor fallback."""
    canned = _canned(values)
    if canned is not None and with_files:
        ready = make_ready(canned, ticket, by=by)
    else:
        source = text_for(canned, ticket) if canned else values.get("text") or ""
        filled = fill(as_html(source), ticket, by=by)
        ready = Ready(filled.html, filled.missing, [])
    if ready.missing:
        raise Refused(
            _("“%(name)s” has no value on this ticket, and no text stands for it.")
            % {"name": ready.missing[0]},
            field="text",
        )
    return ready


def preview_html(ticket: Ticket, values: Values, *, by: Any) -> str:
    """The text as it would be written, with what is still missing left standing."""
    canned = _canned(values)
    source = text_for(canned, ticket) if canned else values.get("text") or ""
    return fill(as_html(source), ticket, by=by).html


def preview_of(label: str, ticket: Ticket, values: Values, *, by: Any) -> Preview:
    """The text that an action would write, and why it cannot."""
    problem = ""
    try:
        written_for(ticket, values, by=by)
    except Refused as refused:
        problem = refused.sentence
    return Preview(label, text=preview_html(ticket, values, by=by), problem=problem)


@contextmanager
def keeping_draft(ticket: Ticket, kind: Draft.Kind, *, by: Any) -> Iterator[None]:
    """Write something else than what the agent is typing: their draft is there again afterwards."""
    typed = draft_of(by, ticket, kind) if isinstance(by, Agent) else None
    yield
    if typed is not None and isinstance(by, Agent):
        save_draft(by, ticket, kind, typed.html, typed.fields)


def excerpt_of(values: Values) -> str:
    """The beginning of the text, or the name of the canned message."""
    canned = _canned(values)
    return canned.name if canned else excerpt(text_of(as_html(values.get("text") or "")), 60)
