"""Routes of the bell, of what one wants to hear, and of the installable app."""

from __future__ import annotations

from django.urls import URLPattern, path

from zaguan.desk import bell, installing, own_notifications
from zaguan.desk.settings import notifications as house

urlpatterns: list[URLPattern] = [
    path("notifications/", bell.notifications, name="notifications"),
    path("notifications/count/", bell.count, name="notification-count"),
    path("notifications/read/", bell.read, name="read-notifications"),
    path("notifications/<int:pk>/", bell.open_one, name="open-notification"),
    path("profile/notifications/", own_notifications.own_notifications, name="own-notifications"),
    path("profile/notifications/devices/", own_notifications.add, name="add-device"),
    path("profile/notifications/devices/<int:pk>/", own_notifications.device, name="device"),
    path("settings/notifications/", house.notifications, name="settings-notifications"),
    path("app.webmanifest", installing.manifest, name="manifest"),
    path("service-worker.js", installing.service_worker, name="service-worker"),
    path("offline/", installing.offline, name="offline"),
]
