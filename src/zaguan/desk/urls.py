"""Every route of the desk."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from zaguan.desk import bulk, inbox, live, search, signing_in

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("zaguan.desk.ticket.urls")),
    path("", inbox.inbox, name="inbox"),
    path("views/<str:key>/", inbox.view, name="view"),
    path("live/", live.live, name="live"),
    path("tickets/<int:number>/presence", live.at_ticket, name="presence"),
    path("counts/", inbox.view_counts, name="counts"),
    path("bulk/", bulk.change_many, name="bulk"),
    path("search/", search.search, name="search"),
    path("search/quick/", search.quick_search, name="quick-search"),
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
]
