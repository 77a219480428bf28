"""The addresses that a rule calls: what signs the calls, and how the last ones went."""

from __future__ import annotations

from dataclasses import dataclass

from zaguan.automation.models import Rule, WebhookCall
from zaguan.automation.webhooks import secret_for
from zaguan.people.models import Agent

# The last calls of all rules that are looked through, and how many of them are told.
_LOOKED_AT, SHOWN = 2000, 20


@dataclass(frozen=True)
class Webhook:
    """One address. Whoever is called checks X-Zaguan-Signature with the secret."""

    url: str
    secret: str
    calls: list[WebhookCall]


def webhooks_of(rule: Rule, viewer: Agent) -> list[Webhook]:
    """The addresses of a rule, each with its last calls about tickets that the viewer may know of."""
    urls = dict.fromkeys(row["values"]["url"] for row in rule.steps if row["action"] == "call_webhook")
    if not urls:
        return []
    last = WebhookCall.objects.order_by("-id").values("pk")[:_LOOKED_AT]
    calls = WebhookCall.objects.visible_to(viewer).filter(pk__in=last, rule_id=rule.pk).order_by("-id")
    return [Webhook(url, secret_for(url), list(calls.filter(url=url)[:SHOWN])) for url in urls]
