"""Tells Django about this app."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "zaguan.conversations"
    label = "conversations"
