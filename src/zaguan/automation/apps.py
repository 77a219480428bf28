"""The app of macros, bulk changes and, later, rules."""

from django.apps import AppConfig


class AutomationConfig(AppConfig):
    name = "zaguan.automation"
    label = "automation"

    def ready(self) -> None:
        from zaguan.lib.plugins import import_all

        import_all("zaguan.automation.actions")
