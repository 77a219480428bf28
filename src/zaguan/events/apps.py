"""Tells Django about this app."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "zaguan.events"
    label = "events"
