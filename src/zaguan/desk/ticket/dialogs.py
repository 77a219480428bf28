"""The dialog of an action on a ticket: filled by htmx, or a page of its own without script; a refusal is shown in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from zaguan.desk.access import AgentRequest
from zaguan.desk.rendering import page
from zaguan.lib.errors import Conflict, Refused
from zaguan.tickets.models import Ticket

TARGET = "action-dialog"


@dataclass
class ActionDialog:
    """One action: its template extends `layout` and fills the block `fields` (and `buttons`, if one is not enough)."""

    request: AgentRequest
    ticket: Ticket
    template: str
    title: str
    # What the button says; the title, if nothing else.
    submit: str = ""
    is_danger: bool = False
    is_wide: bool = False
    has_files: bool = False
    # It comes as the answer to a form that stands elsewhere on the page.
    comes_between: bool = False
    # Where the form leads, if not to the address that was asked.
    action: str = ""
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def is_within(self) -> bool:
        """Whether it is drawn into the page's dialog."""
        # Only htmx names the page it stands on; other scripts want the sentence alone.
        between = self.comes_between and "HX-Current-URL" in self.request.headers
        return between or self.request.headers.get("HX-Target") == TARGET

    def show(self, refused: Refused | None = None) -> HttpResponse:
        """The form, with what was typed and with what was wrong."""
        layout = "desk/ticket/action_dialog.jinja" if self.is_within else "desk/ticket/action_page.jinja"
        around = {
            "layout": layout,
            "action": self.action or self.request.get_full_path(),
            "ticket": self.ticket,
            "dialog": self,
            "typed": self.request.POST if self.request.method == "POST" else self.request.GET,
            "error": refused.sentence if refused else "",
            "error_field": refused.field if refused else "",
        }
        status = 200 if refused is None else 409 if isinstance(refused, Conflict) else 422
        if self.is_within:
            answer = render(self.request, self.template, around | self.context, status=status)
            if self.comes_between:
                answer["HX-Retarget"], answer["HX-Reswap"] = f"#{TARGET}", "innerHTML"
            return answer
        return page(self.request, self.template, status=status, section="inbox", **(around | self.context))

    def run(self, write: Callable[[], HttpResponse]) -> HttpResponse:
        """Show it on GET; on POST call `write`, which does it and answers."""
        if self.request.method != "POST":
            return self.show()
        try:
            return write()
        except Refused as refused:
            return self.show(refused)
