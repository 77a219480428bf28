"""Tells Django about this app."""

from django.apps import AppConfig


class OpsConfig(AppConfig):
    name = "zaguan.ops"
    label = "ops"
