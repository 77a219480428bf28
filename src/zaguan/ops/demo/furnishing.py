"""What the demo desk has set up before its first conversation: types, fields, products, texts, hours, macros."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from zaguan.automation.macros import save_macro, set_favourite
from zaguan.automation.models import Macro
from zaguan.conversations.attachments import store
from zaguan.conversations.canned import save_canned
from zaguan.conversations.library import save_item
from zaguan.lib.attributes import defining
from zaguan.ops.demo.casting import Cast
from zaguan.ops.demo.promises import promise
from zaguan.people.models import ProfileField, Team
from zaguan.people.profiles import set_profile
from zaguan.people.reference import forget_all
from zaguan.tickets.attribute_catalogue import save_attribute, save_type
from zaguan.tickets.checklists import save_template as save_checklist
from zaguan.tickets.hour_banks import save_bank
from zaguan.tickets.models import Attribute, Product, ProductItem, TicketType, TimeActivity
from zaguan.tickets.rates import change_time_rule, set_customer_rate
from zaguan.tickets.templates import save_template

ZONE = "America/Bogota"
RATES = {"Soporte": "28", "Análisis": "42", "Visita": "35", "Formación": "38"}


@dataclass
class Furniture:
    """What tickets are told with besides the cast."""

    types: dict[str, TicketType] = field(default_factory=dict)
    products: list[Product] = field(default_factory=list)
    items: list[ProductItem] = field(default_factory=list)
    # Months of warranty by product.
    warranty: dict[int, int] = field(default_factory=dict)
    checklists: dict[str, list[str]] = field(default_factory=dict)


def furnish(cast: Cast, data: dict[str, Any]) -> Furniture:
    """Set the desk up, as its administrator would."""
    made = Furniture()
    cast.teams.append(Team.objects.create(name="Desarrollo web", description="La tienda, el pago, la bodega"))
    for agent in cast.agents[:2] + cast.agents[3:4]:
        agent.teams.add(cast.teams[-1])
        agent.__dict__.pop("_team_ids", None)
    for entry in data["types"]:
        made.types[entry["key"]] = _type(entry, cast)
    for position, entry in enumerate(data["products"]):
        product = Product.objects.create(code=entry["code"], name=entry["name"], position=position)
        made.products.append(product)
        made.warranty[product.pk] = entry.get("warranty", 0)
    for entry in data["checklists"]:
        save_checklist(None, entry["name"], entry["items"], by=cast.agents[0])
        made.checklists[entry["name"]] = entry["items"]
    _profiles(cast, data["fields"])
    _hours(cast)
    _texts(cast, data)
    _templates(cast, made, data["templates"])
    _macros(cast)
    forget_all()
    promise(cast)
    return made


def _type(entry: dict[str, Any], cast: Cast) -> TicketType:
    by, values = cast.agents[0], dict(entry)
    attributes, _key = values.pop("attributes"), values.pop("key")
    values["names"] = {"es": values["name"], **values["names"]}
    kind = save_type(None, by=by, **values)
    made: dict[str, Attribute] = {}
    for one in attributes:
        given = {**one, "options": [{"name": name} for name in one.get("options", [])]}
        if not given["options"]:
            del given["options"]
        if "depends_on" in given:
            given["depends_on"] = made[given["depends_on"]]
        made[one["key"]] = save_attribute(kind, None, by=by, **given)
    return kind


def _profiles(cast: Cast, rows: list[dict[str, Any]]) -> None:
    for position, row in enumerate(rows):
        options = defining.merged([], [{"name": name} for name in row.get("options", [])])
        ProfileField.objects.create(**{**row, "options": options, "position": position})
    forget_all()
    by = cast.agents[0]
    terms = ("al-contado", "30-dias", "60-dias")
    for index, organisation in enumerate(cast.organisations):
        values = {"fiscal": f"B-{8127400 + index * 317}", "condiciones": terms[index % 3]}
        set_profile(organisation, {**values, "mayorista": index % 4 == 0}, by=by)
    for index, contact in enumerate(cast.contacts[12:30]):
        ways = ("por-correo", "por-telefono", "por-la-manana")
        set_profile(contact, {"numero-de-cliente": 40210 + index * 7, "prefiere": ways[index % 3]}, by=by)


def _hours(cast: Cast) -> None:
    by, today = cast.agents[0], timezone.localdate()
    change_time_rule(by=by, zone=ZONE, currency="EUR", overtime_percent=150, night_percent=175)
    activities = {activity.name: activity for activity in TimeActivity.objects.all()}
    for name, rate in RATES.items():
        activities[name].rate = Decimal(rate)
        activities[name].save(update_fields=["rate"])
    hotel, _restaurant, studio = cast.organisations[:3]
    set_customer_rate(hotel, activities["Visita"], Decimal("30"), by=by)
    save_bank(
        None,
        by=by,
        organisation=hotel,
        name="Asesoría de obra 2026",
        minutes=1200,
        warn_at=180,
        starts_on=today,
    )
    save_bank(
        None, by=by, organisation=studio, name="Horas de diseño", minutes=600, warn_at=120, starts_on=today,
        ends_on=today + timedelta(days=365),
    )  # fmt: skip


def _texts(cast: Cast, data: dict[str, Any]) -> None:
    by = cast.agents[0]
    for entry in data["canned"]:
        texts = {code: entry[code] for code in ("en", "pt") if code in entry}
        save_canned(
            by, None, name=entry["name"], text=entry["text"], shortcut=entry["shortcut"],
            folder=entry["folder"], texts={"es": entry["text"], **texts}, everybody=True, by=by,
        )  # fmt: skip
    for entry in data["library"]:
        values = {k: entry[k] for k in ("name", "folder", "description")}
        file = store(entry["content"].encode(), entry["file"], by=by) if "file" in entry else None
        save_item(None, by=by, attachment=file, address=entry.get("address", ""), **values)


def _templates(cast: Cast, made: Furniture, rows: list[dict[str, Any]]) -> None:
    by = cast.agents[0]
    for row in rows:
        values: dict[str, Any] = {"subject": row["subject"], "tags": row["tags"]}
        values["team"], values["category"] = cast.teams[row["team"]].pk, cast.categories[row["category"]].pk
        if "type" in row:
            values["type"] = made.types[row["type"]].pk
        if "urgency" in row:
            values["urgency"] = cast.urgencies[row["urgency"]].pk
        save_template(by, row["name"], values, everybody=True, by=by)


def _macros(cast: Cast) -> None:
    """The three that come with every desk, with their team; one of a team, one of one's own."""
    lucia, shipping = cast.agents[0], cast.teams[1]
    handed = Macro.objects.get(name="Pasar a desarrollo")
    handed.steps = [{"action": "set_team", "values": {"team": cast.teams[-1].pk}}]
    handed.save(update_fields=["steps"])
    text = "Hola, {{requester.first_name|}}:\n\nLe enviamos hoy las piezas nuevas, sin costo alguno."
    steps = [
        {"action": "add_tags", "values": {"tags": ["rotura"]}},
        {"action": "reply", "values": {"text": text, "canned": None}},
    ]
    save_macro(
        lucia, None, name="Reponer una rotura", query="is:unfinished", steps=steps, team=shipping, by=lucia
    )
    steps = [
        {"action": "follow", "values": {"agent": "me"}},
        {"action": "set_important", "values": {"important": True}},
    ]
    save_macro(lucia, None, name="Seguir de cerca", steps=steps, by=lucia)
    set_favourite(lucia, Macro.objects.get(name="Asignármelo e iniciar"), True)
