"""The API as one thing: its parts, its errors as problem documents, its own description."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.urls import URLPattern, include, path, re_path
from ninja import NinjaAPI

from zaguan.api import (
    abilities,
    account,
    activities,
    approvals,
    automatic,
    back_office,
    bulk,
    calendar_parts,
    calendars,
    canned,
    checklists,
    clocks,
    contacts,
    distribution,
    family_history,
    files,
    history,
    inboxes,
    incoming,
    informing,
    items,
    jobs,
    links,
    lists,
    macros,
    mail,
    merge_preview,
    merging,
    messages,
    next_ticket,
    notifications,
    organisations,
    parties,
    planning,
    prints,
    products,
    profiles,
    promises,
    reruns,
    rules,
    runs,
    setting_changes,
    side_threads,
    skills,
    staff,
    tags,
    tickets,
    time_entries,
    timers,
    transitions,
    types,
    views,
)
from zaguan.api.access import Bearer, public
from zaguan.api.describing import show_document, show_page
from zaguan.api.editions import HEADER
from zaguan.api.parsing import ExactParser
from zaguan.api.problems import attach, nothing_here, only_its_methods
from zaguan.api.unknown_fields import refuse_unknown

api = NinjaAPI(
    title="Zaguán",
    version="1",
    description=(
        "Everything the desk does. Sign with `Authorization: Bearer <token>`; make one with `zaguan token create`. "
        "What agents edit together is read with an `ETag`. Send it back as `If-Match` when you write: 412 says that "
        "somebody has changed it since. Of a ticket it is its `version`, and 409 says what was changed."
    ),
    auth=Bearer(),
    docs_url=None,
    parser=ExactParser(),
    openapi_url=None,
    urls_namespace="api-v1",
)
attach(api)
PARTS = (
    *(
        tickets,
        bulk,
        runs,
        prints,
        macros,
        canned,
        merge_preview,
        merging,
        planning,
        messages,
        incoming,
        history,
        family_history,
        links,
        back_office,
        informing,
        side_threads,
        parties,
        items,
        files,
        mail,
    ),
    *(contacts, organisations, profiles, staff, lists, types, tags, automatic, views, inboxes, account, jobs),
    *(rules, transitions),
    *(distribution, next_ticket, skills, abilities, promises, reruns),
    *(calendars, calendar_parts, setting_changes),
    *(time_entries, timers, activities, approvals, checklists, products),
    *(notifications,),
    *(clocks,),
)
for part in PARTS:
    for address in part.router.path_operations.values():
        for operation in address.operations:
            refuse_unknown(operation)
            operation.openapi_extra = {"x-permission": getattr(operation.view_func, "permission", "")}
            if hasattr(operation.view_func, "edition") and not set(operation.methods) & {"GET", "POST"}:
                operation.openapi_extra["parameters"] = [HEADER]
    api.add_router("", part.router)


def _operations() -> list[URLPattern]:
    """The addresses of all parts; ninja's own root page is nothing that anybody needs."""
    listed: list[Any] = api.urls[0]
    found = [each for each in listed if each.name != "api-root"]
    for each in found:
        each.callback = only_its_methods(each.callback)
    return found


own = [
    path("docs", public(partial(show_page, api=api)), name="docs"),
    path("openapi.json", public(partial(show_document, api=api)), name="openapi"),
]
urlpatterns = [
    path("v1/", include(([*own, *_operations()], "api-v1"))),
    re_path(r"^(?P<rest>.*)$", public(nothing_here), name="nothing"),
]
