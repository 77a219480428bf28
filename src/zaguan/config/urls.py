"""Mounts the audiences: desk, api, hooks, operators."""

from django.urls import include, path
from django.views.generic.base import RedirectView

from zaguan.desk.access import public
from zaguan.ops import health, metrics

handler404 = "zaguan.desk.missing.not_found"
urlpatterns = [
    path("", public(RedirectView.as_view(url="/desk/")), name="front-door"),
    path("desk/", include("zaguan.desk.urls")),
    path("health/live", health.live, name="alive"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", metrics.metrics, name="metrics"),
    path("api/", include("zaguan.api.urls")),
    path("hooks/", include("zaguan.channels.urls")),
]
