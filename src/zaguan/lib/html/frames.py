"""The document in which a mail is shown: a sandboxed frame that can run, load and send nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from html import escape, unescape

from django.utils.translation import gettext as _

from zaguan.lib.html.folding import SUMMARY

# Tells the page around it how high the mail is. It listens to nothing and reads nothing.
_RESIZE_SCRIPT = (
    "(function(){var d=document,l=-1;function s(){var h=Math.ceil(d.getElementById('zg-mail')"
    ".getBoundingClientRect().bottom)+16;if(h!==l){l=h;parent.postMessage({zaguanFrameHeight:h},'*')}}"
    "new ResizeObserver(s).observe(d.getElementById('zg-mail'));addEventListener('load',s);s()})()"
)
RESIZE_SCRIPT_HASH = "sha256-" + base64.b64encode(hashlib.sha256(_RESIZE_SCRIPT.encode()).digest()).decode()
FRAME_CSP = (
    "default-src 'none'; img-src {images}; style-src 'unsafe-inline'; "
    f"script-src '{RESIZE_SCRIPT_HASH}'; form-action 'none'; base-uri 'none'; frame-src 'none'"
)
_CSS = """
:root{color-scheme:light dark}
html,body{margin:0;padding:0}
body{font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;color:#1c1917;
background:transparent;overflow-wrap:anywhere;overflow-x:auto;overflow-y:hidden}
#zg-mail{padding:1px 0;display:flow-root}
body.styled{color-scheme:light;background:#fff}
body.styled #zg-mail{padding:12px}
img{max-width:100%;height:auto}
img[data-remote-src]{min-width:1px;min-height:1px}
table{max-width:100%}
pre{white-space:pre-wrap}
blockquote{margin:0 0 0 4px;padding:0 0 0 12px;border-left:2px solid #d6d3d1}
p:first-child{margin-top:0}
details.zg-quote{margin:8px 0}
details.zg-quote>summary{list-style:none;display:inline-block;cursor:pointer;padding:0 10px;border-radius:6px;
background:#e7e5e4;color:#57534e;font-weight:700;letter-spacing:1px;line-height:18px;user-select:none}
details.zg-quote>summary::-webkit-details-marker{display:none}
details.zg-quote>summary:hover{background:#d6d3d1}
details.zg-quote>summary:focus-visible{outline:2px solid #b45309;outline-offset:2px}
@media (prefers-color-scheme:dark){body:not(.styled){color:#e7e5e4}body:not(.styled) a{color:#fbbf24}
body:not(.styled) blockquote{border-color:#57534e}
body:not(.styled) details.zg-quote>summary{background:#44403c;color:#d6d3d1}}
"""
_STYLED = re.compile(r'<[^>]+ (?:bgcolor|color|style="[^"]*(?:background|color))', re.IGNORECASE)
_REMOTE = re.compile(r'(<img\b[^>]*?) data-remote-src="([^"]*)"')
_CID = re.compile(r'(<img\b[^>]*?) src="cid:([^"]*)"')


def frame_csp(*, load_remote: bool = False, images: str = "'self'") -> str:
    """The Content-Security-Policy of the frame; `images` is where inline files are served from."""
    return FRAME_CSP.format(images=f"{images} data:" + (" https:" if load_remote else ""))


def frame_document(
    html: str, *, load_remote: bool = False, images: str = "'self'", dark: bool | None = None
) -> str:
    """The whole document for `<iframe sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox">`.

    `html` is cleaned HTML. The one script tells its height by `postMessage({zaguanFrameHeight})`. Serve it
    with `frame_csp()` as header too. `dark` fixes the colour scheme; None follows the system.
    """
    if load_remote:
        html = _REMOTE.sub(_loaded, html)
    html = html.replace(SUMMARY, _summary())
    policy = escape(frame_csp(load_remote=load_remote, images=images))
    styled = ' class="styled"' if _STYLED.search(html) else ""
    scheme = "" if dark is None else f":root{{color-scheme:{'dark' if dark else 'light'}}}"
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        f'content="{policy}"><meta name="referrer" content="no-referrer"><meta name="viewport" '
        f'content="width=device-width"><style>{_CSS}{scheme}</style></head>'
        f'<body{styled}><div id="zg-mail">{html}</div><script>{_RESIZE_SCRIPT}</script></body></html>'
    )


def with_images(html: str, addresses: Mapping[str, str]) -> str:
    """The cleaned HTML with each `cid:` source replaced by the address of its file, if there is one."""

    def replaced(match: re.Match[str]) -> str:
        address = addresses.get(unescape(match[2]))
        return f'{match[1]} src="{escape(address)}"' if address else match[1]

    return _CID.sub(replaced, html)


def _loaded(match: re.Match[str]) -> str:
    source = match[2]
    if source[:7].lower() == "http://":
        source = "https://" + source[7:]
    return f'{match[1]} src="{source}" referrerpolicy="no-referrer"'


def _summary() -> str:
    return SUMMARY.replace("Show quoted text", escape(_("Show quoted text")))
