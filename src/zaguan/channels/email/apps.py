"""Tells Django about this channel."""

from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "zaguan.channels.email"
    label = "email_channel"
