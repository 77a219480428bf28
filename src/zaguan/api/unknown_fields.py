"""Fields of a body that its shape does not have are refused by name: one that is misspelt must not be lost in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from types import UnionType
from typing import Any, Union, get_args, get_origin

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.params.models import BodyModel
from pydantic import BaseModel

from zaguan.lib.errors import Refused


def refuse_unknown(operation: Operation) -> None:
    """Let an operation look at the names in its body before anything is made of it."""
    for model in operation.models:
        if issubclass(model, BodyModel):
            _look_first(model)


def _look_first(model: type[BodyModel]) -> None:
    read = model.get_request_data

    def looked_at(request: HttpRequest, api: NinjaAPI, path_params: dict[str, Any]) -> dict[str, Any] | None:
        data = read(request, api, path_params)
        for name, field in model.model_fields.items():
            if data is not None and name in data:
                _refuse(data[name], field.annotation)
        return data

    model.get_request_data = staticmethod(looked_at)  # type: ignore[method-assign]


def _refuse(value: Any, annotation: Any) -> None:
    for path, known in _unknown(value, annotation, ()):
        *_outer, name = path
        words = {"field": ".".join(path), "near": "".join(get_close_matches(name, known, 1))}
        if words["near"]:
            sentence = _("There is no field “%(field)s” here. Did you mean “%(near)s”?") % words
        else:
            words["known"] = ", ".join(known)
            sentence = _("There is no field “%(field)s” here. There are: %(known)s.") % words
        raise Refused(sentence, field=words["field"])


Found = tuple[tuple[str, ...], list[str]]


def _unknown(value: Any, annotation: Any, path: tuple[str, ...]) -> Iterator[Found]:
    """Each field that is not one, by its path, with the names that are there instead."""
    arguments = get_args(annotation)
    if get_origin(annotation) in (Union, UnionType):
        each = [list(_unknown(value, kind, path)) for kind in arguments if _is_like(value, kind)]
        yield from min(each, key=len, default=[])
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if isinstance(value, Mapping):
            yield from _unknown_in(value, annotation, path)
    elif isinstance(value, list) and arguments:
        for place, row in enumerate(value):
            yield from _unknown(row, arguments[0], (*path, str(place)))
    elif isinstance(value, Mapping) and len(arguments) == 2:
        for key, row in value.items():
            yield from _unknown(row, arguments[1], (*path, key))


def _is_like(value: Any, kind: Any) -> bool:
    """Whether a value may be meant as this kind of a union: objects are looked at as objects, lists as lists."""
    origin = get_origin(kind) or kind
    if isinstance(value, Mapping):
        return isinstance(origin, type) and issubclass(origin, BaseModel | Mapping)
    return isinstance(value, Sequence) and origin is list


def _unknown_in(value: Mapping[str, Any], shape: type[BaseModel], path: tuple[str, ...]) -> Iterator[Found]:
    fields = {field.alias or name: field for name, field in shape.model_fields.items()}
    for name, given in value.items():
        if name in fields:
            yield from _unknown(given, fields[name].annotation, (*path, name))
        elif shape.model_config.get("extra") != "allow":
            yield (*path, name), list(fields)
