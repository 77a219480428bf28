"""The app of macros, bulk changes and rules."""

from importlib import import_module

from django.apps import AppConfig


class AutomationConfig(AppConfig):
    name = "zaguan.automation"
    label = "automation"

    def ready(self) -> None:
        from zaguan.lib.plugins import import_all

        import_all("zaguan.automation.actions")
        for name in ("change_conditions", "field_conditions", "message_conditions", "approval_conditions"):
            import_module(f"zaguan.automation.{name}")
