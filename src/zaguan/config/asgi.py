"""What `web` and `live` serve: live updates on the event loop, every page through Django's WSGI side."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaguan.config.settings")

from django.core.wsgi import get_wsgi_application

from zaguan.config.bridge import WSGI, Pages, Receive, Scope, Send

LIVE = "/desk/live/"
# `zaguan live` leaves the pages to others, and answers monitors.
LIVE_ONLY = bool(os.environ.get("ZAGUAN_LIVE_ONLY"))
OPERATORS = ("/health/", "/metrics")
# Two, so that one slow page does not hold up the rest; more would only fight for the interpreter.
THREADS = 2


class Application:
    """One process's pages and streams."""

    def __init__(self, pages: WSGI) -> None:
        # Needs Django to be set up, which `pages` has done.
        from zaguan.realtime.serving import live

        self.pages = Pages(pages, THREADS)
        self.live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        if scope["path"] == LIVE:
            await self.live(scope, receive, send, self.pages.pool)
        elif LIVE_ONLY and not scope["path"].startswith(OPERATORS):
            await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b""})
        else:
            await self.pages(scope, receive, send)


application = Application(get_wsgi_application())
