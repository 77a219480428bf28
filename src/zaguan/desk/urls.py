"""Every route of the desk."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from zaguan.desk import inbox, signing_in

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", inbox.inbox, name="inbox"),
    path("views/<str:key>/", inbox.view, name="view"),
    path("counts/", inbox.view_counts, name="counts"),
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
]
