"""The answers when something goes wrong: nothing here, not allowed, an old form, our own mistake."""

from __future__ import annotations

import logging
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)
REFERENCE_LENGTH: Final = 8
# Where even the page for mistakes cannot be drawn, three languages at once.
PLAIN: Final = """<!doctype html><meta charset=utf-8><title>Zaguán</title>
<p lang=es>Algo falló en el servidor. Vuelve a intentarlo; quien administra encuentra la causa con esta referencia: {0}</p>
<p lang=en>Something failed on the server. Try again; whoever runs it finds the cause by this reference: {0}</p>
<p lang=pt>Algo falhou no servidor. Tente de novo; quem administra encontra a causa com esta referência: {0}</p>
"""


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing stands at this address, or the viewer may not know of it."""
    return _answer(request, 404, _("Nothing found"), _("This page does not exist, or not for you."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The viewer's role does not reach that far."""
    words = _("Your role does not allow this. Whoever manages roles can change that.")
    return _answer(request, 403, _("Not allowed"), words)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What came cannot be read as a request of ours."""
    return _answer(
        request, 400, _("Not understood"), _("The server could not read this request. Go back and try again.")
    )


def old_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is not the browser's any more: signed in anew, or cookies are off."""
    words = _(
        "This page is from before you signed in, or your browser keeps no cookies. Load it again: drafts are kept."
    )
    return _answer(request, 403, _("Load the page again"), words)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own mistake. The reference stands in the log beside the traceback, so that the two are found together."""
    reference = get_random_string(REFERENCE_LENGTH).lower()
    log.error("Reference %s: %s %s failed", reference, request.method, request.path)
    words = _(
        "Something failed on the server. Try again; whoever runs it finds the cause by this reference: %(reference)s"
    )
    try:
        return _answer(request, 500, _("That did not work"), words % {"reference": reference})
    except Exception:
        log.exception("Reference %s: the page for mistakes failed too", reference)
        return HttpResponse(PLAIN.format(reference), status=500)


def _answer(request: HttpRequest, status: int, title: str, words: str) -> HttpResponse:
    """A page with a way back; a sentence where a script asked."""
    if "HX-Request" in request.headers or "json" in request.headers.get("Accept", ""):
        return JsonResponse({"status": status, "title": words}, status=status)
    return render(request, "desk/failed.jinja", {"failed_title": title, "failed_words": words}, status=status)
