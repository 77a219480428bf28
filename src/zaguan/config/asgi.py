"""What `web` and `live` serve: live updates on the event loop, every page through Django's WSGI side."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaguan.config.settings")

from django.core.wsgi import get_wsgi_application

from zaguan.config.bridge import Pages, Receive, Scope, Send

LIVE = "/desk/live/"
# More threads would only fight for the interpreter; two, so that one slow page does not hold up the rest.
THREADS = 2


class Application:
    """One process's pages and streams."""

    def __init__(self) -> None:
        self.pages = Pages(get_wsgi_application(), THREADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http":
            return
        await self.pages(scope, receive, send)


application = Application()
