"""Tells Django about this app."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "zaguan.search"
    label = "search"
