"""How single things are read whose ETag guards them, and which writes need no guard, each with its reason."""

from __future__ import annotations

from tests.walk.entries import Entry

_LISTS = {
    "statuses": "status",
    "categories": "category",
    "urgencies": "urgency",
    "services": "service",
    "party-roles": "party-role",
}


def _read(*on: str, hidden: bool = False, only: tuple[str, ...] = ()) -> Entry:
    return Entry(on=on, get={}, hidden=hidden, only=only)


API: dict[str, Entry] = {
    "GET /canned/<int:canned_id>": _read("canned", hidden=True, only=("ana",)),
    "GET /routes/<int:route_id>": _read("route"),
    "GET /skills/<int:skill_id>": _read("skill"),
    "GET /agents/<int:agent_id>": _read("agent"),
    "GET /teams/<int:team_id>": _read("team"),
    "GET /roles/<int:role_id>": _read("role"),
    "GET /tags/<int:tag_id>": _read("tag"),
    "GET /views/<int:view_id>": _read("view", hidden=True, only=("ana",)),
    "GET /inboxes/<public_id>": _read("inbox"),
    **{f"GET /{name}/<int:entry_id>": _read(one) for name, one in _LISTS.items()},
    "GET /ticket-templates/<int:template_id>": _read("template", hidden=True, only=("ana",)),
    "GET /scheduled-tickets/<int:schedule_id>": _read("schedule", hidden=True),
    "GET /library/<public_id>": _read("library-item"),
    "GET /ticket-types/<int:type_id>/attributes/<key>": _read("type", "attribute-key"),
    "GET /profile-fields/<subject>/<key>": _read("people-subject", "people-key"),
}

# The beginning of the address without its method, and why nobody's words are lost there.
UNGUARDED = {
    "/tickets/": "the ticket has its version; its parts are changed one by one, by those who work on it",
    "/me": "one's own",
    "/notification": "one's own",
    "/devices/": "one's own",
    "/time-entries/": "one's own",
    "/activities/": "each is of one agent",
    "/agents/<int:agent_id>/abilities": "numbers, each by itself",
    "/capacity": "numbers, each by itself",
    "/automatic": "numbers, each by itself",
    "/retention": "numbers, each by itself",
    "/jobs/": "done, not written",
    "/trash/": "done, not written",
    "/messages/": "done, not written",
    "/rules/trials/": "done, not written",
    "/side-threads/": "open or closed",
}
