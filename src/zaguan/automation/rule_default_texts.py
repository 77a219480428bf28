"""The texts of the rules that a new installation starts with, in three languages."""

from __future__ import annotations

from typing import Any

_GREETING = {
    "es": "Hola {{requester.first_name|}}:\n\n",
    "en": "Hello {{requester.first_name|}},\n\n",
    "pt": "Olá {{requester.first_name|}},\n\n",
}


def _texts(**texts: str) -> dict[str, str]:
    return {language: _GREETING[language] + text for language, text in texts.items()}


def _canned(name: str, shortcut: str, texts: dict[str, str]) -> dict[str, Any]:
    return {
        "name": name,
        "shortcut": shortcut,
        "folder": "Automáticos",
        "text": texts["es"],
        "texts": texts,
    }


ACKNOWLEDGE = _canned(
    "Acuse de recibo",
    "acuse",
    _texts(
        es=(
            "Hemos recibido su mensaje y lo atendemos con el número #{{ticket.number}}. "
            "Para añadir algo, responda a este correo.\n\nSu equipo de soporte"
        ),
        en=(
            "We received your message and look after it under number #{{ticket.number}}. "
            "To add something, answer this mail.\n\nYour support team"
        ),
        pt=(
            "Recebemos a sua mensagem e cuidamos dela com o número #{{ticket.number}}. "
            "Para incluir algo, responda a este e-mail.\n\nSua equipe de suporte"
        ),
    ),
)
OUT_OF_HOURS = _canned(
    "Fuera de horario",
    "fuera-de-horario",
    _texts(
        es=(
            "Hemos recibido su mensaje. Ahora estamos fuera de nuestro horario de atención; "
            "le respondemos en cuanto abramos.\n\nSu equipo de soporte"
        ),
        en=(
            "We received your message. We are out of our opening hours just now; "
            "we answer as soon as we are back.\n\nYour support team"
        ),
        pt=(
            "Recebemos a sua mensagem. Agora estamos fora do nosso horário de atendimento; "
            "respondemos assim que abrirmos.\n\nSua equipe de suporte"
        ),
    ),
)
