"""Where a text of a ticket can come to light: every kind of list and search, each with what the secret is found by."""

from __future__ import annotations

from tests.walk.scene import WORDS

_FILTERS = (
    "tag:zqtag",
    "team:Support",
    "assignee:Ana",
    "from:dan",
    "has:attachment",
    "is:open",
    "approval:waiting",
)
LOOKS = [
    "/desk/views/mine/",
    "/desk/notifications/",
    "/desk/notifications/?part=panel",
    "/api/v1/notifications",
    "/desk/approvals/",
    "/api/v1/approvals?show=all",
    "/desk/views/all/",
    "/desk/views/all/?part=list",
    "/desk/views/all/?part=rows",
    "/desk/views/team:{support}/",
    "/desk/views/saved:{view}/",
    "/desk/views/saved:{team-view}/",
    "/desk/settings/views/",
    "/desk/people/{contact}/",
    "/desk/tickets/new/?follows={ticket}",
    "/desk/search/quick/?q={ticket}",
    "/api/v1/tickets",
    "/api/v1/tickets?view=team:{support}",
    "/api/v1/tickets?view=saved:{team-view}",
    "/api/v1/views",
    *(f"/desk/views/all/?q={each}" for each in _FILTERS),
    *(f"/api/v1/tickets?q={each}" for each in (*_FILTERS, *WORDS)),
    *(f"/desk/search/?q={each}" for each in (*WORDS, "tag:zqtag")),
    *(f"/desk/search/quick/?q={each}" for each in WORDS),
]
# Where people come to light.
PEOPLE = [
    "/desk/people/",
    "/desk/people/?q=dan",
    "/desk/search/?q=dan",
    "/desk/search/quick/?q=dan",
    "/desk/addresses/?q=dan",
    "/desk/requesters/?q=dan",
]
