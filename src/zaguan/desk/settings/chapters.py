"""The chapters of the settings, and the page that lists them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.rendering import page
from zaguan.people.models import Agent

Chapter = tuple[str, str, str]
# Title, the permission that a group asks for, and its chapters: key, label, icon.
GROUPS: list[tuple[Any, str, list[tuple[str, Any, str]]]] = [
    (
        gettext_lazy("Channels"),
        "conversations.manage_inboxes",
        [
            ("inboxes", gettext_lazy("Inboxes"), "inbox"),
        ],
    ),
    (
        gettext_lazy("People"),
        "people.manage_agents",
        [
            ("agents", gettext_lazy("Agents"), "user-round"),
            ("teams", gettext_lazy("Teams"), "users-round"),
            ("roles", gettext_lazy("Roles"), "shield"),
            ("notifications", gettext_lazy("Notifications"), "bell"),
        ],
    ),
    (
        gettext_lazy("Who gets what"),
        "automation.manage_routing",
        [
            ("distribution", gettext_lazy("Distribution"), "split"),
            ("skills", gettext_lazy("Skills"), "graduation-cap"),
            ("capacity", gettext_lazy("Capacity"), "gauge"),
        ],
    ),
    (
        gettext_lazy("Tickets"),
        "tickets.manage_lists",
        [
            ("statuses", gettext_lazy("Statuses"), "circle-dot"),
            ("transitions", gettext_lazy("Ways between statuses"), "route"),
            ("categories", gettext_lazy("Categories"), "shapes"),
            ("urgencies", gettext_lazy("Urgencies"), "flame"),
            ("services", gettext_lazy("Services"), "list-tree"),
            ("party-roles", gettext_lazy("Roles of involved parties"), "contact-round"),
            ("tags", gettext_lazy("Tags"), "tag"),
            ("rules", gettext_lazy("Closing"), "timer"),
        ],
    ),
    (
        gettext_lazy("Library"),
        "conversations.manage_library",
        [
            ("library", gettext_lazy("Files and links"), "library"),
        ],
    ),
    (
        gettext_lazy("Data"),
        "tickets.manage_types",
        [
            ("types", gettext_lazy("Ticket types"), "ticket"),
            ("contact-fields", gettext_lazy("Contact fields"), "contact"),
            ("organisation-fields", gettext_lazy("Organisation fields"), "building-2"),
        ],
    ),
    (
        gettext_lazy("Promises"),
        "sla.manage",
        [
            ("policies", gettext_lazy("SLA"), "timer"),
            ("calendars", gettext_lazy("Calendars"), "calendar-days"),
        ],
    ),
    (
        gettext_lazy("Work"),
        "tickets.manage_lists",
        [
            ("time-activities", gettext_lazy("Activities and rates"), "clock"),
            ("working-time", gettext_lazy("Working time"), "calendar-clock"),
            ("customer-rates", gettext_lazy("Rates of customers"), "coins"),
            ("products", gettext_lazy("Products"), "package"),
            ("checklists", gettext_lazy("Checklists"), "list-checks"),
        ],
    ),
    (
        gettext_lazy("Retention"),
        "tickets.purge",
        [
            ("retention", gettext_lazy("Trash and merges"), "archive-restore"),
        ],
    ),
    (
        gettext_lazy("Hours sold"),
        "tickets.see_all_time",
        [
            ("hour-banks", gettext_lazy("Hour banks"), "hourglass"),
        ],
    ),
    (
        gettext_lazy("By itself"),
        "automation.manage_rules",
        [
            ("automation", gettext_lazy("Rules"), "workflow"),
        ],
    ),
    (
        gettext_lazy("Shortcuts"),
        "",
        [
            ("macros", gettext_lazy("Macros"), "wand-sparkles"),
            ("canned", gettext_lazy("Canned messages"), "message-square-text"),
        ],
    ),
    (
        gettext_lazy("New tickets"),
        "tickets.create",
        [
            ("templates", gettext_lazy("Ticket templates"), "bookmark"),
        ],
    ),
    (
        gettext_lazy("Views"),
        "",
        [
            ("views", gettext_lazy("Saved views"), "list-filter"),
        ],
    ),
    (
        gettext_lazy("Operation"),
        "desk.background_work",
        [
            ("jobs", gettext_lazy("Background work"), "cog"),
        ],
    ),
]


def chapters(agent: Agent) -> list[tuple[str, list[Chapter]]]:
    """Groups of (key, label, icon); only what the agent may change."""
    return [
        (str(title), [(key, str(label), icon) for key, label, icon in entries])
        for title, permission, entries in GROUPS
        if not permission or agent.can(permission)
    ]


def settings_page(request: AgentRequest, template: str, chapter: str, /, **context: Any) -> HttpResponse:
    """A page of one chapter."""
    more: dict[str, Any] = {"section": "settings", "chapter": chapter, "chapters": chapters(request.user)}
    return page(request, template, **more, **context)


def back_to(request: AgentRequest, chapter: str) -> HttpResponse:
    """The chapter again, with the word that it is saved."""
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse(f"desk:settings-{chapter}"))


@require_GET
@needs("desk.use")
def index(request: AgentRequest) -> HttpResponse:
    """The list of chapters; on a wide screen the first one is open beside it."""
    first = chapters(request.user)[0][1][0][0]
    if request.GET.get("all") is None:
        return HttpResponseRedirect(reverse(f"desk:settings-{first}"))
    return settings_page(request, "desk/settings/index.jinja", "", pane="chapters")
