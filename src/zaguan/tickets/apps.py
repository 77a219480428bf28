"""Tells Django about this app."""

from importlib import import_module

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "zaguan.tickets"
    label = "tickets"

    def ready(self) -> None:
        # It tells the app below, which asks for it without knowing this one.
        import_module("zaguan.tickets.retention")
