"""Mounts the audiences: desk, api, hooks, operators."""

from django.urls import include, path
from django.views.generic.base import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(url="/desk/"), name="front-door"),
    path("desk/", include("zaguan.desk.urls")),
    path("api/", include("zaguan.api.urls")),
]
