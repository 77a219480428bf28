"""A file as the answer to a request: saved by the browser, kept by nobody on the way."""

from __future__ import annotations

from typing import BinaryIO

from django.http import FileResponse


def as_zip(content: BinaryIO, name: str) -> FileResponse:
    """An open ZIP under this name; it is closed when it is sent."""
    answer = FileResponse(content, as_attachment=True, filename=name)
    answer["Content-Type"] = "application/zip"
    answer["Cache-Control"] = "private, no-store"
    return answer
