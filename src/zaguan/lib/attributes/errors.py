"""A refusal that is about one or several attributes at once."""

from __future__ import annotations

from collections.abc import Mapping

from zaguan.lib.errors import Refused

# Names of fields in forms and in the API begin so: "attributes.serial".
PREFIX = "attributes."


class NotAccepted(Refused):
    """What was given does not fit; `errors` has a sentence for each attribute, by its key."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        key, sentence = next(iter(errors.items()))
        super().__init__(sentence, field=PREFIX + key)
        self.errors = dict(errors)
