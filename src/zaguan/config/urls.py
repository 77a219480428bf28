"""Mounts the audiences: desk, api, hooks, operators."""

from django.urls import include, path
from django.views.generic.base import RedirectView

from zaguan.desk.access import public
from zaguan.desk.approving import approval
from zaguan.ops import health, metrics

handler400 = "zaguan.desk.failing.bad_request"
handler403 = "zaguan.desk.failing.forbidden"
handler404 = "zaguan.desk.failing.not_found"
handler500 = "zaguan.desk.failing.server_error"
urlpatterns = [
    path("", public(RedirectView.as_view(url="/desk/")), name="front-door"),
    path("desk/", include("zaguan.desk.urls")),
    path("approval/<str:token>/", approval, name="approval-link"),
    path("health/live", health.live, name="alive"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", metrics.metrics, name="metrics"),
    path("api/", include("zaguan.api.urls")),
    path("hooks/", include("zaguan.channels.urls")),
]
