"""Every address of the desk, the operators and the hooks, by name; the walk fails for one that is missing here."""

from __future__ import annotations

from tests.walk.entries import Entry, button, form, page

_LISTS = {"categories": "category", "urgencies": "urgency", "services": "service", "statuses": "status"}
_ENTRY = {"name": "Otra", "rank": "1", "phase": "open"}
NEW = {
    "visibility": "internal", "team": "OWN-TEAM", "subject": "Nuevo", "channel": "email", "mode": "note",
}  # fmt: skip
_INBOX = {
    "name": "Other", "address": "other@zaguan.example", "team": "{support}", "after_closing": "always_new_linked",
}  # fmt: skip
_AGENT = {
    "name": "Rita", "email": "rita2@zaguan.example", "role": "{role}", "language": "en", "is_active": "on",
}  # fmt: skip
_PROFILE = {"name": "Yo", "language": "en", "availability": "online"}
_PERSON = {"name": "Dan Díaz"}

DESK: dict[str, Entry] = {
    "front-door": form(good=(302,)),
    "desk:inbox": page(good=(302,)),
    "desk:view": page("view-key"),
    "desk:view-board": page("view-key"),
    "desk:view-table": page("view-key"),
    "desk:choose-columns": button("view-key", post={"column": "subject"}),
    "desk:export-view": page("view-key", "export-kind"),
    "desk:counts": page(),
    "desk:bulk": button(post={"do": "important:1", "ticket": "{ticket}"}, also=("tickets.edit",)),
    "desk:search": page(get={"q": "zqsubject"}),
    "desk:quick-search": page(get={"q": "zqsubject"}),
    "desk:live": form(good=(503,)),
    "desk:presence": form("ticket", hidden=True, post={"state": "looking"}, good=(200,)),
    # The ticket's page and what is done on it
    "desk:ticket": page("ticket", hidden=True),
    "desk:tab-counts": page("ticket", hidden=True),
    "desk:ticket-earlier": page("ticket", hidden=True, get={"before": "99999999"}),
    "desk:reply": button("ticket", hidden=True, post={"reply_html": "<p>Hola</p>"}, good=(200,)),
    "desk:note": button("ticket", hidden=True, post={"note_html": "<p>Hola</p>"}, good=(200,)),
    "desk:draft": button("ticket", hidden=True, post={"html": "<p>Hola</p>"}),
    "desk:recipients": page("ticket", hidden=True, get={"how": "reply_all"}),
    "desk:mentions-of": page("ticket", hidden=True, get={"q": "r"}),
    "desk:set-status": button("ticket", hidden=True, post={"status": "{status}", "reason": "x"}),
    "desk:snooze": button("ticket", hidden=True, post={"until": "tomorrow", "moment": "2099-01-01T09:00"}),
    "desk:assign": button("ticket", hidden=True, post={"assignee": ""}),
    "desk:set-team": button("ticket", hidden=True, post={"team": "{team}"}),
    "desk:edit-fields": button("ticket", hidden=True, post={"subject": "Otro"}),
    "desk:set-tags": button("ticket", hidden=True, post={"tags": "uno, dos"}),
    "desk:set-copies": button("ticket", hidden=True, post={"copies": "eve@stranger.example"}),
    "desk:seen": button("ticket", hidden=True),
    "desk:unread": button("ticket", hidden=True),
    "desk:previous-tickets": page("ticket", hidden=True),
    "desk:files-of": page("ticket", hidden=True),
    "desk:message": page("message", hidden=True),
    "desk:message-body": page("message", hidden=True),
    "desk:message-original": page("message", hidden=True),
    "desk:withdraw": button("queued", hidden=True, only=("ana",)),
    "desk:retry": button("delivery", hidden=True),
    "desk:send-again": button("delivery", hidden=True),
    "desk:upload": button(post={"file": "FILE"}, also=("conversations.note",)),
    "desk:attachment": page("file", hidden=True),
    "desk:framed-picture": page("nonsense", good=(404,)),
    # A new ticket
    "desk:new-ticket": form(post=NEW),
    "desk:new-draft": button(post=NEW),
    "desk:forget-draft": button(),
    "desk:tag-suggestions": page(get={"q": "zq"}),
    "desk:requester-suggestions": page(get={"q": "dan"}),
    "desk:colleague-suggestions": page(get={"q": "an"}),
    "desk:address-suggestions": page(get={"q": "dan"}),
    # People
    "desk:people": page(get={"q": "dan"}),
    "desk:new-contact": form(post={"email": "new@customer.example", "name": "New"}),
    "desk:contact": page("contact"),
    "desk:edit-contact": form("contact", post=_PERSON),
    "desk:add-address": button("contact", post={"kind": "phone", "value": "+573001112233"}),
    "desk:change-address": button("contact", "identity", post={"do": "clear"}),
    "desk:merge-contact": form("contact", post={"other": "{twin}"}),
    "desk:separate-contact": button("contact-merge"),
    "desk:block-contact": button("contact", post={"blocked": "1"}),
    "desk:clear-bounce": button("identity"),
    "desk:organisations": page(get={"q": "patio"}),
    "desk:organisation": page("organisation"),
    "desk:new-organisation": form(post={"name": "Otra SA"}),
    "desk:edit-organisation": form("organisation", post={"name": "Patio SAS"}),
    # Settings
    "desk:settings": page(good=(302,)),
    "desk:settings-inboxes": page(),
    "desk:new-inbox": form(post=_INBOX),
    "desk:edit-inbox": form("inbox", post=_INBOX),
    "desk:authorise-inbox": page("oauth-inbox", good=(302,)),
    "desk:inbox-authorised": page(good=(302,)),
    "desk:switch-inbox": button("inbox", post={"active": "0"}),
    "desk:settings-agents": page(),
    "desk:new-agent": form(post={**_AGENT, "name": "Nadia", "email": "nadia@zaguan.example"}),
    "desk:edit-agent": form("agent", post=_AGENT),
    "desk:settings-teams": page(),
    "desk:new-team": form(post={"name": "Third"}),
    "desk:edit-team": form("team", post={"name": "Sales and more"}),
    "desk:settings-roles": page(),
    "desk:new-role": form(post={"name": "Third", "ticket_scope": "team"}),
    "desk:edit-role": form("role", post={"name": "Fourth", "ticket_scope": "team"}),
    "desk:settings-tags": page(),
    "desk:change-tag": button("tag", post={"name": "otra"}),
    "desk:settings-rules": form(post={"close_after_hours": "24"}),
    "desk:settings-views": page(),
    "desk:new-view": form(post={"name": "Mine", "query": "is:open", "order": "active"}),
    "desk:edit-view": form("view", post={"name": "M", "order": "active"}, hidden=True, only=("ana",)),
    **{f"desk:settings-{name}": page() for name in _LISTS},
    **{f"desk:new-{name}": form(post=_ENTRY) for name in _LISTS},
    **{f"desk:edit-{name}": form(one, post={**_ENTRY, "phase": "{phase}"}) for name, one in _LISTS.items()},
    **{f"desk:move-{name}": button(one, post={"do": "up"}) for name, one in _LISTS.items()},
    # Mail that did not become a message
    "desk:failed-mail": page(),
    "desk:process-again": button("raw"),
    "desk:process-all-again": button(),
    "desk:raw-file": page("raw"),
    # The agent's own
    "desk:profile": form(post=_PROFILE),
    "desk:password": form(post={"old": "patio-con-limonero", "password": "otro-patio-con-higuera"}),
    "desk:add-token": button(post={"name": "one"}),
    "desk:end-token": button("token", only=("ana",)),
    "desk:sign-in": form(post={}, good=(200,)),
    "desk:sign-out": button(),
    # Outside the desk
    "alive": form(good=(200,)),
    "ready": form(good=(200, 503)),
    "metrics": form(good=(200,)),
    "api-v1:docs": form(good=(200,)),
    "api-v1:openapi": form(good=(200,)),
    "nothing": form("rest", good=(404,)),
    "channels:hook": button("hook-kind", "hook-inbox", good=(401, 403, 404)),
}
