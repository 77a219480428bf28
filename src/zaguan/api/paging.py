"""Pages by cursor: cheap however deep, and stable while rows come in."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from ninja import Schema

from zaguan.lib.errors import Refused

T = TypeVar("T")
M = TypeVar("M", bound=Model)
SIZE = 50
LARGEST = 200


class Paged(Schema, Generic[T]):
    """Items, and the cursor of the next page; null on the last one."""

    items: list[T]
    next_cursor: str | None


def encode(value: int) -> str:
    return base64.urlsafe_b64encode(str(value).encode()).decode().rstrip("=")


def decode(cursor: str) -> int | None:
    """The id behind a cursor; raises Refused for one that is not ours."""
    if not cursor:
        return None
    try:
        return int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        raise Refused(_("This cursor is not one that a page gave."), field="cursor") from None


def newest_first(rows: QuerySet[M], cursor: str, size: int) -> tuple[list[M], str | None]:
    """A page of rows by descending id."""
    after = decode(cursor)
    page = list((rows.filter(pk__lt=after) if after else rows).order_by("-pk")[: limit(size) + 1])
    return cut(page, size)


def oldest_first(rows: QuerySet[M], cursor: str, size: int) -> tuple[list[M], str | None]:
    """A page of rows by ascending id."""
    after = decode(cursor)
    page = list((rows.filter(pk__gt=after) if after else rows).order_by("pk")[: limit(size) + 1])
    return cut(page, size)


def cut(page: list[Any], size: int) -> tuple[list[Any], str | None]:
    """Drop the row that only tells that there is more."""
    wanted = limit(size)
    return page[:wanted], encode(page[wanted - 1].pk) if len(page) > wanted else None


def limit(size: int) -> int:
    return max(1, min(size, LARGEST))
