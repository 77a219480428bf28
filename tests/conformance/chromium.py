"""All cleaned vectors in one headless browser, each in its frame: no dialog, no request, no script."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.conformance.tally import Tally
from zaguan.lib.html import frame_csp, frame_document

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Dialog, Page, Route

    from tests.conformance.hostile import Vector

_FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync", "--disable-features=IsolateSandboxedIframes"]  # fmt: skip
_HOST = "http://frames.test"
_BATCH = 40
# Runs in every frame before anything else: tells of everything that a script could do, and touches each element.
_WATCH = """
(() => {
  const tell = what => console.log('ZG-RAN ' + location.pathname + ' ' + what);
  for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'fetch', 'eval', 'setTimeout', 'Function']) {
    window[name] = () => tell(name);
  }
  document.write = () => tell('document.write');
  navigator.sendBeacon = () => tell('sendBeacon');
  window.WebSocket = window.EventSource = window.XMLHttpRequest = function () { tell('connection'); };
  document.addEventListener('securitypolicyviolation', e => tell('blocked ' + e.violatedDirective + ' ' + e.blockedURI));
  addEventListener('load', () => {
    for (const element of document.querySelectorAll('#zg-mail *')) {
      if (element.tagName === 'A' && !/^(https?|mailto|tel|cid|):?$/.test(element.protocol)) tell('link ' + element.protocol);
      for (const kind of ['mouseover', 'mousemove', 'mousedown', 'mouseup', 'focus', 'blur', 'error', 'load', 'toggle', 'animationend']) {
        element.dispatchEvent(new Event(kind));
      }
      if (element.tagName === 'DETAILS') element.open = true;
    }
    console.log('ZG-SHOWN ' + location.pathname);
  });
})();
"""


def show_all(cleaned: Sequence[tuple[Vector, str]]) -> Tally:
    """Show every cleaned vector as the desk would, with remote images off."""
    tally = Tally("html in Chromium")
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        print("html in Chromium: left out, no browser found. Install chromium or set CHROMIUM.")
        return tally
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_FLAGS)
        try:
            context = browser.new_context()
            context.add_init_script(_WATCH)
            if not _Watcher(context, {}).notices_an_attack():
                tally.crashes.append("the watcher did not notice a script that ran: the run proves nothing")
            different = _different(cleaned)
            for start in range(0, len(different), _BATCH):
                _show(context, tally, different[start : start + _BATCH])
        finally:
            browser.close()
    return tally


def _different(cleaned: Sequence[tuple[Vector, str]]) -> list[tuple[Vector, str]]:
    """Many vectors come out the same, and many as mere text: each result is shown once, texts together."""
    unique = {html: (vector, html) for vector, html in reversed(cleaned)}
    texts = [html for html in unique if "<" not in html]
    shown = [pair for html, pair in unique.items() if "<" in html]
    return [*shown, (cleaned[0][0], "<hr>".join(texts))] if texts else shown


def _show(context: BrowserContext, tally: Tally, batch: Sequence[tuple[Vector, str]]) -> None:
    documents = {f"/{number}": frame_document(html) for number, (_vector, html) in enumerate(batch)}
    watcher = _Watcher(context, documents)
    watcher.run()
    for number, (vector, _html) in enumerate(batch):
        tally.cases += 1
        name = f"{vector.source} {vector.name}"
        seen = [each for each in watcher.seen if each.split(" ")[0] == f"/{number}"]
        shown = f"/{number}" in watcher.shown
        tally.check("shown and quiet", name, shown and not seen, seen, "shown" if shown else "not shown")
        tally.crashes += [f"{name}: {each}" for each in seen] + ([] if shown else [f"{name}: not shown"])
    tally.crashes += [f"a request left: {each}" for each in watcher.requests]
    tally.crashes += [f"a dialog or window: {each}" for each in watcher.windows]


class _Watcher:
    """One page full of frames, and everything that happened in it."""

    def __init__(self, context: BrowserContext, documents: dict[str, str]) -> None:
        self.context = context
        self.documents = documents
        self.seen: list[str] = []
        self.shown: set[str] = set()
        self.requests: list[str] = []
        self.windows: list[str] = []

    def run(self, *, sandboxed: bool = True) -> None:
        """Load the page and wait until every frame has said that it was shown."""
        page = self.context.new_page()
        page.route("**/*", self._answer if sandboxed else self._answer_bare)
        page.on("console", lambda message: self._console(message.text))
        page.on("dialog", self._dialog)
        page.on("popup", lambda popup: self.windows.append(popup.url))
        page.goto(f"{_HOST}/", wait_until="load")
        self._wait(page)
        page.close()

    def notices_an_attack(self) -> bool:
        """The control: a script that is not cleaned away and not forbidden must be noticed."""
        self.documents = {"/0": "<div id=zg-mail><img src=x onerror=alert(1)></div>"}
        self.run(sandboxed=False)
        return any("alert" in each for each in self.seen) and bool(self.requests)

    def _wait(self, page: Page) -> None:
        for _ in range(300):
            if len(self.shown) >= len(self.documents):
                break
            page.wait_for_timeout(100)
        page.wait_for_timeout(150)

    def _console(self, text: str) -> None:
        if text.startswith("ZG-RAN "):
            self.seen.append(text.removeprefix("ZG-RAN "))
        elif text.startswith("ZG-SHOWN "):
            self.shown.add(text.removeprefix("ZG-SHOWN "))

    def _dialog(self, dialog: Dialog) -> None:
        self.windows.append(dialog.message)
        dialog.dismiss()

    def _host(self) -> str:
        frames = "".join(
            f'<iframe sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" src="{path}"></iframe>'
            for path in self.documents
        )
        return f"<!doctype html><body>{frames}</body>"

    def _answer(self, route: Route) -> None:
        self._reply(route, {"Content-Security-Policy": frame_csp() + "; sandbox allow-scripts allow-popups"})

    def _answer_bare(self, route: Route) -> None:
        self._reply(route, {})

    def _reply(self, route: Route, headers: dict[str, str]) -> None:
        path = route.request.url.removeprefix(_HOST)
        if path == "/":
            route.fulfill(body=self._host(), content_type="text/html; charset=utf-8")
        elif path in self.documents and route.request.url.startswith(_HOST):
            route.fulfill(body=self.documents[path], content_type="text/html; charset=utf-8", headers=headers)
        else:
            if not path.endswith("/favicon.ico"):
                self.requests.append(route.request.url[:200])
            route.abort()
