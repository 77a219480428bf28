"""Tells Django about this app."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "zaguan.channels"
    label = "channels"
