"""An agent's own keys: every action with the key that it has now, to be changed or switched off (WCAG 2.1.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zaguan.desk.access import AgentRequest, needs
from zaguan.desk.rendering import page
from zaguan.desk.ticket import options_menu, tab_register
from zaguan.people.models import Agent
from zaguan.people.preferences import remember

# One key, or two one after the other; perhaps with others held down.
_KEYS = re.compile(
    r"^(mod\+)?(alt\+)?(shift\+)?([^\s+A-Z]|\+|esc|enter|space|tab|f[1-9][0-2]?|arrow(up|down|left|right))( [^\s+A-Z])?$"
)

EVERYWHERE = [
    ("c", gettext_lazy("New ticket")),
    ("/", gettext_lazy("Search")),
    ("shift+j", gettext_lazy("Take the next ticket")),
    ("g i", gettext_lazy("Go to the inbox")),
    ("g a", gettext_lazy("Go to your activities")),
    ("g t", gettext_lazy("Go to your time")),
    ("g b", gettext_lazy("Go to your notifications")),
    ("g p", gettext_lazy("Go to people")),
    ("g f", gettext_lazy("Go to failed mail")),
    ("g v", gettext_lazy("Go to your approvals")),
    ("g o", gettext_lazy("Go to the scheduled tickets")),
    ("g x", gettext_lazy("Go to the trash")),
    ("g s", gettext_lazy("Go to the settings")),
    ("g m", gettext_lazy("Go to your profile")),
    ("?", gettext_lazy("Show the keys")),
    ("mod+k", gettext_lazy("Commands")),
]
LIST = [
    ("j", gettext_lazy("Next ticket")),
    ("k", gettext_lazy("Previous ticket")),
    ("x", gettext_lazy("Choose ticket")),
    ("shift+f", gettext_lazy("Filter the list")),
    ("shift+b", gettext_lazy("Board or table")),
]
TICKET = [
    ("r", gettext_lazy("Reply")),
    ("n", gettext_lazy("Internal note")),
    ("f", gettext_lazy("Forward")),
    ("mod+enter", gettext_lazy("Send")),
    ("s", gettext_lazy("Status")),
    ("e", gettext_lazy("Complete")),
    ("z", gettext_lazy("Postpone")),
    ("a", gettext_lazy("Assign")),
    ("i", gettext_lazy("Assign to me")),
    ("p", gettext_lazy("Urgency")),
    ("t", gettext_lazy("Tags")),
    ("d", gettext_lazy("Details")),
    ("v", gettext_lazy("All tabs")),
    ("w", gettext_lazy("Follow")),
    ("m", gettext_lazy("Macros")),
    (".", gettext_lazy("Copy the number")),
]


@dataclass(frozen=True, slots=True)
class Action:
    """One action: the key that it has for everybody, and the one that it has for this agent ("" is switched off)."""

    default: str
    label: str
    own: str
    error: str = ""

    @property
    def name(self) -> str:
        """Of its field."""
        return f"key {self.default}"


def own_map(agent: Agent) -> dict[str, str]:
    """Which key stands for which, as far as it differs."""
    kept = agent.preferences.get("keys_map")
    return {str(k): str(v) for k, v in kept.items()} if isinstance(kept, dict) else {}


def grouped(agent: Agent, chosen: dict[str, str]) -> list[tuple[str, list[Action]]]:
    """All actions that have a key; those of tabs and of the ticket's menu as they are registered."""
    known = {default for default, _label in (*EVERYWHERE, *LIST, *TICKET)}
    more = [(tab.keys, tab.label) for tab in tab_register.tabs_for(agent) if tab.keys]
    more += [(option.keys, option.label) for option in options_menu.all_options() if option.keys]
    rest = [(keys, label) for keys, label in more if keys not in known]
    groups = [
        (_("Everywhere"), EVERYWHERE),
        (_("In the list"), LIST),
        (_("On a ticket"), TICKET),
        (_("More on a ticket"), rest),
    ]
    return [
        (title, [Action(keys, str(label), chosen.get(keys, keys)) for keys, label in entries])
        for title, entries in groups
    ]


def faults(actions: list[Action]) -> dict[str, str]:
    """What is wrong, by the action's own default."""
    found: dict[str, str] = {}
    owners: dict[str, Action] = {}
    for action in actions:
        if not action.own:
            continue
        other = owners.setdefault(action.own, action)
        if not _KEYS.match(action.own):
            found[action.default] = _("One key, or two one after the other: r, shift+m, g i.")
        elif other is not action:
            found[action.default] = _("This key is already used for “%(other)s”.") % {"other": other.label}
    return found


@require_http_methods(["GET", "POST"])
@needs("desk.use")
def own_keys(request: AgentRequest) -> HttpResponse:
    """See them, change them; an empty field switches one off."""
    if request.POST.get("do") == "reset":
        return _keep(request, {})
    chosen = own_map(request.user)
    if request.method == "POST":
        sent = {
            name.removeprefix("key "): value
            for name, value in request.POST.items()
            if name.startswith("key ")
        }
        chosen = {default: " ".join(str(value).lower().split())[:20] for default, value in sent.items()}
    groups = grouped(request.user, chosen)
    actions = [action for _title, entries in groups for action in entries]
    wrong = faults(actions) if request.method == "POST" else {}
    if request.method == "POST" and not wrong:
        return _keep(request, {a.default: a.own for a in actions if a.own != a.default})
    context: dict[str, Any] = {
        "groups": groups,
        "wrong": wrong,
        "is_off": request.user.preferences.get("keys") == "off",
    }
    return page(request, "desk/account/keys.jinja", **context)


def _keep(request: AgentRequest, chosen: dict[str, str]) -> HttpResponse:
    remember(request.user, "keys_map", chosen)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("desk:own-keys"))
