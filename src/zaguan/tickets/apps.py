"""Tells Django about this app."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "zaguan.tickets"
    label = "tickets"
