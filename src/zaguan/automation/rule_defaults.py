"""The rules that a new installation starts with, and what happens by itself without any rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from zaguan.automation.rule_default_texts import ACKNOWLEDGE, OUT_OF_HOURS
from zaguan.tickets.statuses import rules as choices

_PEOPLE = {"condition": "from_machine", "values": {}, "not": True}
_SILENT = "status:customer -is:internal"
# Names in es, en, pt; what starts it, on which tickets, and its steps, with words in place of ids. All are off:
# each writes to customers or changes tickets in a way that an administrator must want.
RULES: list[dict[str, Any]] = [
    {
        "key": "spam",
        "names": ("Cerrar lo que parece spam", "Close what looks like spam", "Fechar o que parece spam"),
        "when": [{"trigger": "ticket_opened", "values": {}}],
        "query": "channel:email",
        "conditions": [
            {
                "condition": "message_contains",
                "values": {
                    "words": ["casino", "viagra", "bitcoin gratis", "SEO services", "empréstimo fácil"]
                },
                "not": False,
            }
        ],
        "steps": [("add_tags", {"tags": ["spam"]}), ("set_status", {"status": "CLOSED", "reason": ""})],
        "stops": True,
    },
    {
        "key": "acknowledge",
        "names": ("Acusar recibo", "Acknowledge a new mail", "Confirmar o recebimento"),
        "when": [{"trigger": "ticket_opened", "values": {}}],
        "query": "channel:email -is:internal",
        "conditions": [_PEOPLE],
        "steps": [("send_template", {"canned": "ACKNOWLEDGE"})],
    },
    {
        "key": "out_of_hours",
        "names": ("Responder fuera de horario", "Answer out of hours", "Responder fora do horário"),
        "when": [{"trigger": "message_received", "values": {}}],
        "query": "channel:email -is:internal",
        "conditions": [{"condition": "out_of_hours", "values": {}, "not": False}, _PEOPLE],
        "steps": [("send_template", {"canned": "OUT_OF_HOURS"})],
    },
    {
        "key": "tag_by_words",
        "names": ("Etiquetar facturas", "Tag invoices", "Etiquetar faturas"),
        "when": [{"trigger": "ticket_opened", "values": {}}],
        "query": "",
        "conditions": [
            {
                "condition": "message_contains",
                "values": {"words": ["factura", "facturas", "invoice", "invoices", "fatura", "nota fiscal"]},
                "not": False,
            }
        ],
        "steps": [("add_tags", {"tags": ["facturación"]})],
    },
    {
        "key": "escalate",
        "names": (
            "Escalar antes de incumplir",
            "Escalate before a breach",
            "Escalar antes do descumprimento",
        ),
        "when": [{"trigger": "target_near", "values": {}}],
        "query": "is:unfinished",
        "conditions": [],
        "steps": [
            ("set_urgency", {"urgency": "HIGHEST"}),
            ("notify", {"to": "team", "text": "#{{ticket.number}}: {{ticket.subject}}"}),
        ],
    },
    {
        "key": "remind_customer",
        "names": (
            "El cliente no responde: recordar a los 3 días",
            "The customer does not answer: remind after 3 days",
            "O cliente não responde: lembrar após 3 dias",
        ),
        "when": [{"trigger": "time_passed", "values": {"amount": 3, "unit": "days", "base": "last_answer"}}],
        "query": _SILENT,
        "conditions": [],
        "steps": [("send_template", {"canned": "REMINDER"})],
    },
    {
        "key": "close_silent",
        "names": (
            "El cliente no responde: cerrar a los 7 días",
            "The customer does not answer: close after 7 days",
            "O cliente não responde: fechar após 7 dias",
        ),
        "when": [{"trigger": "time_passed", "values": {"amount": 7, "unit": "days", "base": "last_answer"}}],
        "query": _SILENT,
        "conditions": [],
        "steps": [("set_status", {"status": "CLOSED", "reason": ""})],
    },
]
_TIME = {"side": "after", "attribute": "", "working": False}


def fill(apps: Any, schema_editor: Any) -> None:
    """Make them, switched off. `apps` are the models as a migration knows them."""
    meant = _rows(apps)
    rules, versions = apps.get_model("automation", "Rule"), apps.get_model("automation", "RuleVersion")
    for position, given in enumerate(RULES, 1):
        es, en, pt = given["names"]
        chosen = {
            "name": es,
            "names": {"es": es, "en": en, "pt": pt},
            "when": [_trigger(row) for row in given["when"]],
            "query": given["query"],
            "conditions": given["conditions"],
            "steps": _steps(given["steps"], meant),
            "stops": given.get("stops", False),
        }
        if chosen["steps"]:
            rule = rules.objects.create(key=given["key"], position=position, version=1, **chosen)
            kept = chosen | {"description": "", "is_active": False, "catches_up": False}
            versions.objects.create(rule=rule, number=1, snapshot=kept)


def _trigger(row: dict[str, Any]) -> dict[str, Any]:
    more = _TIME if row["trigger"] == "time_passed" else {}
    return {"trigger": row["trigger"], "values": row["values"] | more}


def _rows(apps: Any) -> dict[str, int | None]:
    """The rows that the words stand for; None where this desk has none."""
    canned = apps.get_model("conversations", "Canned").objects
    closed = apps.get_model("tickets", "Status").objects.filter(phase="closed", archived_at=None)
    urgencies = apps.get_model("tickets", "Urgency").objects.filter(archived_at=None)
    reminder = canned.filter(shortcut="recordatorio", archived_at=None).first()
    highest = urgencies.order_by("-rank").first()
    status = closed.filter(is_default=True).first()
    return {
        "CLOSED": status and status.pk,
        "HIGHEST": highest and highest.pk,
        "REMINDER": reminder and reminder.pk,
        "ACKNOWLEDGE": canned.create(**ACKNOWLEDGE).pk,
        "OUT_OF_HOURS": canned.create(**OUT_OF_HOURS).pk,
    }


def _steps(given: list[tuple[str, dict[str, Any]]], meant: dict[str, int | None]) -> list[dict[str, Any]]:
    """Without those whose row is not there."""
    found = []
    for action, values in given:
        filled = {name: meant.get(str(value), value) for name, value in values.items()}
        if None not in filled.values():
            found.append({"action": action, "values": filled})
    return found


@dataclass(frozen=True)
class BuiltIn:
    """Something that happens by itself without a rule; `setting` says where it is chosen."""

    key: str
    name: str
    sentence: str
    is_active: bool


def built_in() -> list[BuiltIn]:
    """What needs no rule, for the list of rules: nobody should make it a second time."""
    hours = choices().close_after_hours
    return [
        BuiltIn(
            "reopen",
            _("Reopen when the customer answers"),
            _("Built in: an answer of the customer brings a waiting or resolved ticket back into process."),
            is_active=True,
        ),
        BuiltIn(
            "auto_close",
            _("Close resolved tickets by themselves"),
            _("Built in: resolved tickets close after %(count)d hours. Change it under Statuses.")
            % {"count": hours}
            if hours
            else _(
                "Built in, switched off: choose under Statuses after how many hours resolved tickets close."
            ),
            is_active=bool(hours),
        ),
    ]
