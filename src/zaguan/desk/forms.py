"""Forms of the desk: what a verb refuses becomes an error at its field, with everything typed still there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from zaguan.lib.errors import Refused


class DeskForm(forms.Form):
    """A form whose data goes to one verb."""

    def carry_out(self, verb: Callable[..., Any]) -> Any:
        """Call `verb` with the cleaned data; returns what it returns, or None with the refusal in the form's errors."""
        if not self.is_valid():
            return None
        try:
            return verb(**self.cleaned_data)
        except Refused as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, refusal.sentence)
            return None


class LinesField(forms.CharField):
    """A list, one entry a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in (value or "").replace(",", "\n").splitlines() if line.strip()]

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Entries are checked by the verb."""
