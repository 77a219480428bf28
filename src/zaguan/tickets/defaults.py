"""The statuses and lists that a new installation starts with; admins change them freely."""

from __future__ import annotations

from typing import Any

# phase, default of its phase, names in es, en, pt (requirements A5, "one status set that satisfies all")
STATUSES: list[tuple[str, bool, str, str, str]] = [
    ("new", True, "Nuevo", "New", "Novo"),
    ("open", True, "En proceso", "In process", "Em andamento"),
    ("open", False, "Abierto", "Open", "Aberto"),
    ("customer", True, "Respondido", "Answered", "Respondido"),
    ("customer", False, "Acción del cliente", "Waiting on customer", "Ação do cliente"),
    ("customer", False, "Pendiente", "Pending", "Pendente"),
    ("third", True, "Acción de terceros", "Waiting on third party", "Ação de terceiros"),
    ("third", False, "En espera", "On hold", "Em espera"),
    ("snoozed", True, "Aplazado", "Postponed", "Adiado"),
    ("resolved", True, "Completado", "Completed", "Concluído"),
    ("closed", True, "Cerrado", "Closed", "Fechado"),
    ("closed", False, "Cancelado", "Cancelled", "Cancelado"),
]
CATEGORIES = [
    ("Pregunta", "Question", "Pergunta"),
    ("Problema", "Problem", "Problema"),
    ("Sugerencia", "Suggestion", "Sugestão"),
    ("Reclamo", "Complaint", "Reclamação"),
]
URGENCIES = [
    (0, "Normal", "Normal", "Normal"),
    (-1, "Baja", "Low", "Baixa"),
    (1, "Alta", "High", "Alta"),
    (2, "Urgente", "Urgent", "Urgente"),
]

# In which role somebody takes part (A8.4).
PARTY_ROLES = [
    ("Informador", "Reporter", "Informante"),
    ("Agente comercial", "Commercial agent", "Agente comercial"),
    ("Agencia", "Agency", "Agência"),
    ("Colega", "Colleague", "Colega"),
]

# What an hour of work is called (A17).
TIME_ACTIVITIES = [
    ("Soporte", "Support", "Suporte"),
    ("Análisis", "Analysis", "Análise"),
    ("Visita", "Visit", "Visita"),
    ("Formación", "Training", "Treinamento"),
]


def names(es: str, en: str, pt: str) -> dict[str, Any]:
    """The columns of a translated name."""
    return {"name": es, "names": {"es": es, "en": en, "pt": pt}}
