"""Fields of actions: a row of a kept table, by its id or by its name in any language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zaguan.people.reference import Kept


class RowField(forms.ChoiceField):
    """One row in use. It cleans to the row's id, or to None when it is not required and nothing was chosen."""

    def __init__(
        self, table: Kept[Any], *, empty: Any = "–", extra: Iterable[tuple[str, Any]] = (), **kwargs: Any
    ) -> None:
        self._table, self._extra = table, dict(extra)
        super().__init__(choices=self._choices(empty), **kwargs)

    def _choices(self, empty: Any) -> Callable[[], list[tuple[str, Any]]]:
        def choices() -> list[tuple[str, Any]]:
            rows = [(str(row.pk), str(row)) for row in self._rows()]
            return [("", empty), *self._extra.items(), *rows]

        return choices

    def _rows(self) -> list[Any]:
        return [
            row
            for row in self._table.all().values()
            if getattr(row, "archived_at", None) is None and getattr(row, "is_active", True)
        ]

    def to_python(self, value: Any) -> Any:
        text = "" if value is None else str(value).strip()
        if not text or text in self._extra:
            return text or None
        for row in self._rows():
            names = {str(row.pk), str(row).casefold(), str(getattr(row, "email", row.pk)).casefold()}
            if text.casefold() in names | {str(n).casefold() for n in getattr(row, "names", {}).values()}:
                return row.pk
        raise ValidationError(_("“%(value)s” is not known, or no longer in use.") % {"value": text})

    def validate(self, value: Any) -> None:
        if self.required and value in (None, ""):
            raise ValidationError(_("Choose one."))

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else str(value)


class WordsField(forms.CharField):
    """Several words, separated by commas; it cleans to a list."""

    def to_python(self, value: Any) -> Any:
        parts = value if isinstance(value, list | tuple) else str(value or "").split(",")
        words = [" ".join(str(part).split()) for part in parts]
        return list(dict.fromkeys(word for word in words if word))

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Each word is checked by the verb."""
