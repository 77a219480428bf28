"""Tells Django about this app."""

from django.apps import AppConfig


class SlaConfig(AppConfig):
    name = "zaguan.sla"
    label = "sla"
