"""Tells Django about this app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "zaguan.people"
    label = "people"
