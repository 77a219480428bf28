"""Channels and languages by the names that the reader has for them."""

from __future__ import annotations

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _


def channel_name(channel: str) -> str:
    """How a message came in or went out."""
    names = {
        "email": _("E-mail"),
        "phone": _("Phone"),
        "web": _("Website"),
        "chat": _("Chat"),
        "whatsapp": "WhatsApp",
        "api": _("Programs"),
        "note": _("Note"),
        "none": _("Only recorded"),
    }
    return names.get(channel, channel.capitalize())


def language_name(code: str) -> str:
    """A language by its code; the code itself where nobody has named it."""
    for known in (code.lower(), code.lower().split("-")[0]):
        try:
            name = str(get_language_info(known)["name_translated"])
            return name[:1].upper() + name[1:]
        except KeyError:
            continue
    return code
