"""Tells Django about this app."""

from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "zaguan.realtime"
    label = "realtime"
