"""Rows that are not written yet, made in a few steps where a model's own way takes several for each column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from django.db.models import Model
from django.db.models.base import ModelState

M = TypeVar("M", bound=Model)
# What a row has before anybody says more: fixed values, values made for each row, and columns of relations by name.
Beginning: TypeAlias = "tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]], dict[str, str]]"
_beginnings: dict[type[Model], Beginning] = {}


def new(model: type[M], **values: Any) -> M:
    """A row that is not written yet, as `model(**values)` makes it; a relation takes a row or, by its id's name, an id."""
    constants, makers, relations = _beginnings.get(model) or _beginning(model)
    row = model.__new__(model)
    row._state = ModelState()
    held = row.__dict__
    held.update(constants)
    for name, make in makers:
        if name not in values:
            held[name] = make()
    for name, value in values.items():
        attribute = relations.get(name)
        held[attribute or name] = value if attribute is None or value is None else value.pk
        if attribute is not None and value is not None:
            row._state.fields_cache[name] = value
    return row


def _beginning(model: type[Model]) -> Beginning:
    constants: dict[str, Any] = {}
    makers = []
    for field in model._meta.concrete_fields:
        if callable(field.default) and field.has_default():
            makers.append((field.attname, field.get_default))
        constants[field.attname] = (
            None if callable(field.default) and field.has_default() else field.get_default()
        )
    relations = {f.name: f.attname for f in model._meta.concrete_fields if f.is_relation}
    _beginnings[model] = (constants, makers, relations)
    return _beginnings[model]
