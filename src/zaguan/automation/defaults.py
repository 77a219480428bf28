"""The macros and the canned message that a new installation starts with; people change them freely."""

from __future__ import annotations

from typing import Any

REMINDER: dict[str, Any] = {
    "name": "Recordatorio",
    "shortcut": "recordatorio",
    "folder": "Seguimiento",
    "text": (
        "Hola {{requester.first_name|}}:\n\n"
        "Seguimos esperando su respuesta para continuar con su solicitud #{{ticket.number}}. "
        "Si ya no necesita ayuda, no tiene que hacer nada.\n\n{{agent.first_name|Su equipo de soporte}}"
    ),
    "texts": {
        "es": (
            "Hola {{requester.first_name|}}:\n\n"
            "Seguimos esperando su respuesta para continuar con su solicitud #{{ticket.number}}. "
            "Si ya no necesita ayuda, no tiene que hacer nada.\n\n{{agent.first_name|Su equipo de soporte}}"
        ),
        "en": (
            "Hello {{requester.first_name|}},\n\n"
            "We still need your answer to go on with your request #{{ticket.number}}. "
            "If you no longer need help, there is nothing to do.\n\n{{agent.first_name|Your support team}}"
        ),
        "pt": (
            "Olá {{requester.first_name|}},\n\n"
            "Ainda aguardamos a sua resposta para continuar com a sua solicitação #{{ticket.number}}. "
            "Se não precisa mais de ajuda, não é preciso fazer nada.\n\n"
            "{{agent.first_name|Sua equipe de suporte}}"
        ),
    },
}
# Names in es, en, pt; what it is for; on which tickets; and the steps, with words in place of ids.
MACROS: list[dict[str, Any]] = [
    {
        "names": ("Asignármelo e iniciar", "Assign to me and start", "Atribuir a mim e iniciar"),
        "query": "is:unfinished",
        "steps": [("assign", {"assignee": "me"}), ("set_status", {"status": "OPEN", "reason": ""})],
    },
    {
        "names": ("El cliente no responde", "The customer does not answer", "O cliente não responde"),
        "query": "is:unfinished -is:internal",
        "steps": [
            ("reply", {"text": "", "canned": "REMINDER"}),
            ("set_status", {"status": "WAITING", "reason": ""}),
        ],
    },
    {
        "names": ("Pasar a desarrollo", "Hand to development", "Passar para desenvolvimento"),
        "query": "is:unfinished",
        "steps": [("set_team", {"team": "DEVELOPMENT"})],
    },
]
# The team that "Pasar a desarrollo" means, if there is one by such a name; else an administrator chooses it.
DEVELOPMENT = ("desarrollo", "development", "desenvolvimento")


def fill(apps: Any, schema_editor: Any) -> None:
    """Make them. `apps` are the models as a migration knows them."""
    canned = apps.get_model("conversations", "Canned").objects.create(**REMINDER)
    status = apps.get_model("tickets", "Status").objects.filter(archived_at=None)
    waiting = status.filter(phase="customer").order_by("position")
    chosen = waiting.filter(name="Acción del cliente").first() or waiting.filter(is_default=True).first()
    opened = status.filter(phase="open", is_default=True).first()
    teams = apps.get_model("people", "Team").objects.filter(archived_at=None)
    team = next((t for t in teams if t.name.lower() in DEVELOPMENT), None)
    meant = {
        "OPEN": opened and opened.pk,
        "WAITING": chosen and chosen.pk,
        "DEVELOPMENT": team and team.pk,
        "REMINDER": canned.pk,
    }
    for position, given in enumerate(MACROS, 1):
        es, en, pt = given["names"]
        steps = [
            {"action": action, "values": {name: meant.get(value, value) for name, value in values.items()}}
            for action, values in given["steps"]
        ]
        apps.get_model("automation", "Macro").objects.create(
            name=es,
            names={"es": es, "en": en, "pt": pt},
            query=given["query"],
            steps=steps,
            position=position,
        )
