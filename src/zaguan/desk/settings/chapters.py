"""The chapters of the settings, and the page that lists them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.rendering import page
from zaguan.people.models import Agent


def chapters(agent: Agent) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Groups of (key, label, icon); only what the agent may change."""
    staff, lists = agent.can("people.manage_agents"), agent.can("tickets.manage_lists")
    groups = [
        (
            _("Channels"),
            [("inboxes", _("Inboxes"), "inbox")] if agent.can("conversations.manage_inboxes") else [],
        ),
        (
            _("People"),
            [
                ("agents", _("Agents"), "user-round"),
                ("teams", _("Teams"), "users-round"),
                ("roles", _("Roles"), "shield"),
            ]
            if staff
            else [],
        ),
        (
            _("Tickets"),
            [
                ("statuses", _("Statuses"), "circle-dot"),
                ("categories", _("Categories"), "shapes"),
                ("urgencies", _("Urgencies"), "flame"),
                ("services", _("Services"), "list-tree"),
                ("party-roles", _("Roles of involved parties"), "contact-round"),
                ("tags", _("Tags"), "tag"),
                ("rules", _("Closing"), "timer"),
            ]
            if lists
            else [],
        ),
        (
            _("Library"),
            [("library", _("Files and links"), "library")]
            if agent.can("conversations.manage_library")
            else [],
        ),
        (
            _("Data"),
            [
                ("types", _("Ticket types"), "ticket"),
                ("contact-fields", _("Contact fields"), "contact"),
                ("organisation-fields", _("Organisation fields"), "building-2"),
            ]
            if agent.can("tickets.manage_types")
            else [],
        ),
        (
            _("Work"),
            [
                ("time-activities", _("Activities and rates"), "clock"),
                ("working-time", _("Working time"), "calendar-clock"),
                ("customer-rates", _("Rates of customers"), "coins"),
                ("products", _("Products"), "package"),
                ("checklists", _("Checklists"), "list-checks"),
            ]
            if lists
            else [],
        ),
        (
            _("Hours sold"),
            [("hour-banks", _("Hour banks"), "hourglass")] if agent.can("tickets.see_all_time") else [],
        ),
        (
            _("Shortcuts"),
            [
                ("macros", _("Macros"), "wand-sparkles"),
                ("canned", _("Canned messages"), "message-square-text"),
            ],
        ),
        (
            _("New tickets"),
            [("templates", _("Ticket templates"), "bookmark")] if agent.can("tickets.create") else [],
        ),
        (_("Views"), [("views", _("Saved views"), "list-filter")]),
        (
            _("Operation"),
            [("jobs", _("Background work"), "cog")] if agent.can("desk.background_work") else [],
        ),
    ]
    return [(title, entries) for title, entries in groups if entries]


def settings_page(request: AgentRequest, template: str, chapter: str, /, **context: Any) -> HttpResponse:
    """A page of one chapter."""
    more: dict[str, Any] = {"section": "settings", "chapter": chapter, "chapters": chapters(request.user)}
    return page(request, template, **more, **context)


@require_GET
@needs("desk.use")
def index(request: AgentRequest) -> HttpResponse:
    """The list of chapters; on a wide screen the first one is open beside it."""
    first = chapters(request.user)[0][1][0][0]
    if request.GET.get("all") is None:
        return HttpResponseRedirect(reverse(f"desk:settings-{first}"))
    return settings_page(request, "desk/settings/index.jinja", "", pane="chapters")
