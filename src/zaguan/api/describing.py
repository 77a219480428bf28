"""The API describes itself: the OpenAPI document, and a page to read it that loads nothing from anywhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.responses import NinjaJSONEncoder

ROOT = "/api/v1/"


@dataclass(frozen=True)
class Call:
    """One line of the page."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[str, ...]
    body: str
    answers: str
    permission: str


@cache
def document(api: NinjaAPI) -> dict[str, Any]:
    """The OpenAPI document, made once; every operation also says which permission it needs."""
    made: dict[str, Any] = json.loads(
        json.dumps(api.get_openapi_schema(path_prefix=ROOT), cls=NinjaJSONEncoder)
    )
    return made


def chapters(api: NinjaAPI) -> dict[str, list[Call]]:
    """All operations by tag, as the page shows them."""
    found: dict[str, list[Call]] = {}
    for path, methods in document(api)["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation.get("tags", [""])[0], []).append(_call(path, method, operation))
    return dict(sorted(found.items()))


def _call(path: str, method: str, operation: dict[str, Any]) -> Call:
    content = operation.get("requestBody", {}).get("content", {})
    return Call(
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        parameters=tuple(p["name"] for p in operation.get("parameters", []) if p["in"] == "query"),
        body=next((_shape(kind.get("schema", {})) for kind in content.values()), ""),
        answers=_answer(operation.get("responses", {})),
        permission=operation.get("x-permission", ""),
    )


def _answer(responses: dict[str, Any]) -> str:
    for status, response in responses.items():
        for kind in response.get("content", {}).values():
            return f"{status} {_shape(kind.get('schema', {}))}"
    return ", ".join(responses)


def _shape(schema: dict[str, Any]) -> str:
    """The name of a schema, or what kind of thing it is."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if schema.get("type") == "array":
        return f"{_shape(schema['items'])}[]"
    return str(schema.get("title") or schema.get("type", ""))


def schemas(api: NinjaAPI) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Name, explanation and fields (name, kind) of everything that is sent or answered."""
    found = document(api)["components"]["schemas"]
    return [
        (
            name,
            schema.get("description", ""),
            [(f, _kind(s)) for f, s in schema.get("properties", {}).items()],
        )
        for name, schema in sorted(found.items())
    ]


def _kind(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " | ".join(_kind(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    if "$ref" in schema:
        return _shape(schema)
    return str(schema.get("format") or schema.get("type", ""))


def show_document(request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    """Answer /api/v1/openapi.json."""
    return HttpResponse(json.dumps(document(api)), content_type="application/json")


def show_page(request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    """Answer /api/v1/docs."""
    return render(request, "api/docs.jinja", {"chapters": chapters(api), "schemas": schemas(api)})
