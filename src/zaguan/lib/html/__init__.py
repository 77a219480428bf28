"""HTML from outside and from agents: cleaned, turned into text, and shown in a frame that can do nothing."""

from zaguan.lib.html.budgets import DEFAULT_BUDGET, Budget
from zaguan.lib.html.cleaning import Cleaned, clean
from zaguan.lib.html.frames import FRAME_CSP, RESIZE_SCRIPT_HASH, frame_csp, frame_document, with_images
from zaguan.lib.html.outgoing import UnsafeHtml, clean_outgoing
from zaguan.lib.html.texts import html_of_text, text_of

__all__ = [
    "DEFAULT_BUDGET",
    "FRAME_CSP",
    "RESIZE_SCRIPT_HASH",
    "Budget",
    "Cleaned",
    "UnsafeHtml",
    "clean",
    "clean_outgoing",
    "frame_csp",
    "frame_document",
    "html_of_text",
    "text_of",
    "with_images",
]
