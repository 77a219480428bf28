"""Bodies of calls: a number with a point keeps each of its digits."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser


class ExactParser(Parser):
    """0.1 is a tenth: floats would lose digits before anybody could refuse them."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as plain values, with decimals for what has a point."""
        return json.loads(request.body, parse_float=Decimal)
