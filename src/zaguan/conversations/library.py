"""The library that all agents share: files and links that are needed again and again (A7.9)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zaguan.conversations.models import Attachment, LibraryItem
from zaguan.events.recording import record
from zaguan.lib.errors import Refused
from zaguan.people.events import SettingChanged

_is_address = URLValidator(schemes=["http", "https"])


def checked_address(typed: str) -> str:
    """A web address that may stand behind a link. Raises Refused for anything but http and https."""
    text = typed.strip()
    if text and "://" not in text:
        text = f"https://{text}"
    try:
        _is_address(text)
    except ValidationError:
        raise Refused(
            _("“%(address)s” is no web address. It begins with https://") % {"address": typed},
            field="address",
        ) from None
    if len(text) > 2000:
        raise Refused(_("This address is too long."), field="address")
    return text


def name_of_address(address: str) -> str:
    """What a link is called when nobody gave it a name."""
    parts = urlsplit(address)
    return f"{parts.hostname or ''}{parts.path if parts.path != '/' else ''}"[:160]


@transaction.atomic
def save_item(
    item: LibraryItem | None,
    *,
    by: Any,
    name: str,
    folder: str = "",
    description: str = "",
    address: str = "",
    attachment: Attachment | None = None,
) -> LibraryItem:
    """Put a file or a link into the library, or change it; a new file takes the place of the old one."""
    saved = item or LibraryItem()
    if attachment is not None and attachment.message_id is None:
        saved.attachment, saved.address = attachment, ""
    elif address.strip():
        saved.attachment, saved.address = None, checked_address(address)
    if saved.attachment is None and not saved.address:
        raise Refused(_("Choose a file, or write a web address."), field="address")
    fallback = saved.attachment.name if saved.attachment else name_of_address(saved.address)
    saved.name = (" ".join(name.split()) or fallback)[:160]
    saved.folder = "/".join(part.strip() for part in folder.split("/") if part.strip())[:120]
    saved.description = " ".join(description.split())[:300]
    saved.save()
    if saved.attachment is not None:
        # Nobody's upload any more, so that nobody can send this very row away.
        Attachment.objects.filter(pk=saved.attachment.pk).update(uploaded_by=None)
    record(SettingChanged(what="library", id=saved.pk, name=saved.name), by=by)
    return saved


@transaction.atomic
def set_item_archived(item: LibraryItem, archived: bool, *, by: Any) -> None:
    """Retire an item: tickets that have it keep it. Or bring it back."""
    item.archived_at = timezone.now() if archived else None
    item.save(update_fields=["archived_at", "updated_at"])
    changes = {"archived": [not archived, archived]}
    record(SettingChanged(what="library", id=item.pk, name=item.name, changes=changes), by=by)
