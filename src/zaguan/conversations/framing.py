"""Pictures inside a mail's frame: it has no cookies, so their addresses are signed, and soon worth nothing."""

from __future__ import annotations

from django.core import signing

from zaguan.conversations.attachments import safe_to_show_inline
from zaguan.conversations.models import Attachment

_SALT = "zaguan.conversations.framing"
SECONDS = 600


def frame_token(file: Attachment) -> str:
    """For a viewer who may see the message; whoever has it may load the picture for some minutes."""
    return signing.dumps(file.pk, salt=_SALT)


def framed_picture(token: str) -> Attachment | None:
    """The picture behind a token; None when it is forged, too old, or no picture that a page may show."""
    try:
        pk = signing.loads(token, salt=_SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
    file = Attachment.objects.filter(pk=pk, message__withdrawn_at=None).first()
    return file if file is not None and safe_to_show_inline(file) else None
