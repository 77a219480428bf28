"""Finds what every app attaches to events, once all models are there."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ConfigConfig(AppConfig):
    name = "zaguan.config"
    label = "config"

    def ready(self) -> None:
        autodiscover_modules(
            *(
                "permissions",
                "filter_fields",
                "list_marks",
                "attribute_files",
                "history_lines",
                "history_parties",
                "history_types",
                "history_moves",
            ),
            "documents",
            "events",
            "repairing",
            # Where background work is named: a worker that knows no page must know it too.
            *("informing", "printing_many", "runs", "undoing", "unpublishing", "trying"),
            "reactions",
            "routing_reactions",
            *("pushing", "time_reactions", "approval_reactions"),
            *("work_lines", "approval_lines"),
        )
