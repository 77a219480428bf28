"""Which thread does a message belong to: signed ids first, then known ids and numbers for those who take part (R02)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from zaguan.conversations.incoming import Incoming
from zaguan.conversations.models import SIDE, KnownId, Message, SideThread, Thread
from zaguan.conversations.participants import takes_part
from zaguan.conversations.signing import token_of_address, token_of_message_id
from zaguan.lib.statements import Lookup, insert
from zaguan.tickets.merging import survivor_number
from zaguan.tickets.models import Ticket

_NUMBER = re.compile(r"\[#(\d{1,12})\]")
# Of endless References the first and the last are looked up and kept.
_FIRST, _LAST = 10, 60
_MOST_SUGGESTED = 3


@dataclass(slots=True)
class Place:
    """Where a message belongs; without a thread it opens a ticket, shown beside the `suggested` ones."""

    thread: Thread | None = None
    # Proved by a signature of this installation; else the sender was found to take part.
    signed: bool = False
    suggested: list[int] = field(default_factory=list)

    def suggest(self, number: int) -> None:
        if number not in self.suggested and len(self.suggested) < _MOST_SUGGESTED:
            self.suggested.append(number)


def digest_of(message_id: str) -> bytes:
    """The key of a Message-ID in the table of known ids."""
    return hashlib.sha256(message_id.strip("<> \t").encode("utf-8", "surrogatepass")).digest()[:16]


def ids_of(incoming: Incoming) -> list[str]:
    """The ids that a message answers, nearest first, each once."""
    references = incoming.references
    if len(references) > _FIRST + _LAST:
        references = (*references[:_FIRST], *references[-_LAST:])
    return list(dict.fromkeys((*incoming.in_reply_to[:_LAST], *reversed(references))))


def find_place(incoming: Incoming, sender: str) -> Place:
    """The thread of a message from `sender` (a mail address in lower case). Subject texts and Thread-Index prove nothing."""
    ids = ids_of(incoming)
    thread = _signed_thread(incoming, ids)
    if thread is not None:
        return Place(_after_split(thread, ids), signed=True)
    place = Place()
    if _known_thread(place, incoming, ids, sender) or not incoming.subject:
        return place
    _numbered_thread(place, incoming.subject, sender)
    return place


def _signed_thread(incoming: Incoming, ids: Iterable[str]) -> Thread | None:
    """By the reply address in any header or the envelope, else by one of our own Message-IDs."""
    written = (address.email for address in (*incoming.to, *incoming.cc))
    tokens = [token_of_address(address) for address in (*incoming.delivered_to, *written) if "+" in address]
    tokens += [token_of_message_id(each) for each in ids if each.startswith(("zg.", "ZG."))]
    wanted = [token for token in tokens if token]
    if not wanted:
        return None
    found = {
        thread.token: thread for thread in Thread.objects.filter(token__in=wanted).select_related("ticket")
    }
    return next((found[token] for token in wanted if token in found), None)


def _after_split(thread: Thread, ids: list[str]) -> Thread:
    """Where the answered message is now, when its ticket was split since."""
    if thread.split_at is None or not ids:
        return thread
    wanted = [digest_of(each) for each in ids]
    rows = KnownId.objects.filter(digest__in=wanted, message__isnull=False).select_related("thread__ticket")
    found = {bytes(row.digest): row.thread for row in rows}
    return next((found[digest] for digest in wanted if digest in found), thread)


def _known_thread(place: Place, incoming: Incoming, ids: list[str], sender: str) -> bool:
    """By ids seen before, also those only ever seen in References; the sender must take part."""
    own = incoming.external_id
    wanted = [digest_of(each) for each in (*ids, own) if each]
    if not wanted:
        return False
    found: dict[bytes, list[KnownId]] = {}
    for row in _known_ids(wanted):
        found.setdefault(bytes(row.digest), []).append(row)
    asked: dict[int, bool] = {}
    for digest in wanted:
        for row in found.get(digest, ()):
            ticket = row.thread.ticket
            # Who was asked in a side thread takes part in that alone, and nobody else does.
            key = -row.thread_id if row.thread.channel == SIDE else ticket.pk
            if key not in asked:
                asked[key] = _is_asked(row.thread, sender) if key < 0 else takes_part(ticket, sender)
            is_own = bool(own) and digest == digest_of(own) and own not in ids
            if asked[key] and not (is_own and _another_mail(row, incoming)):
                place.thread = row.thread
                return True
            place.suggest(ticket.pk)
    return False


def _is_asked(thread: Thread, sender: str) -> bool:
    people = SideThread.objects.filter(thread=thread).values_list("people", flat=True).first() or []
    return any(person and person[0].lower() == sender for person in people)


def _known_ids(digests: list[bytes]) -> list[KnownId]:
    """The rows of these ids, of newer threads first; most mails ask for few, and most are not known."""
    question = _questions.get(len(digests))
    if question is not None and not question(*digests):
        return []
    rows = KnownId.objects.filter(digest__in=digests).select_related("thread__ticket")
    return list(rows.order_by("-thread_id"))


def _question(count: int) -> Lookup:
    return Lookup(
        lambda *slots: KnownId.objects.filter(digest__in=slots).values_list("pk")[:1], *(bytes,) * count
    )


_questions = {count: _question(count) for count in range(1, 9)}


def _another_mail(row: KnownId, incoming: Incoming) -> bool:
    """Whether a mail with the same id is another one, from a sender that numbers badly, and not a changed copy."""
    if row.message_id is None:
        return False
    known = Message.objects.filter(pk=row.message_id).values_list("subject", "sent_at").first()
    return known is None or known != (incoming.subject[:300], incoming.sent_at)


def _numbered_thread(place: Place, subject: str, sender: str) -> None:
    """By a ticket's number in the subject, if the sender takes part in that ticket."""
    numbers = [int(number) for number in _NUMBER.findall(subject)[:_MOST_SUGGESTED]]
    for named in Ticket.objects.filter(pk__in=numbers) if numbers else ():
        ticket = _where_it_went(named)
        if ticket.is_hidden:
            continue
        threads = ticket.threads.select_related("ticket").order_by("-id")
        thread = threads.exclude(channel=SIDE).first()
        # Who took part in a merged ticket still does, by its number too.
        if thread is not None and (
            takes_part(ticket, sender) or (ticket != named and takes_part(named, sender))
        ):
            place.thread = thread
            return
        beside = next((each for each in threads.filter(channel=SIDE) if _is_asked(each, sender)), None)
        if beside is not None:
            place.thread = beside
            return
        place.suggest(ticket.pk)


def _where_it_went(ticket: Ticket) -> Ticket:
    number = survivor_number(ticket.pk) if ticket.merged_into_id else None
    return Ticket.objects.get(pk=number) if number else ticket


def remember_ids(thread: Thread, message: Message, incoming: Incoming, *, new: bool = False) -> None:
    """Keep the message's own id and all that it answers, so that later mails find the thread. `new`: it has none yet."""
    rows = {
        digest_of(each): KnownId(digest=digest_of(each), thread=thread) for each in ids_of(incoming) if each
    }
    if incoming.external_id:
        digest = digest_of(incoming.external_id)
        rows[digest] = KnownId(digest=digest, thread=thread, message=message)
    if not new:
        KnownId.objects.bulk_create(rows.values(), ignore_conflicts=True)
        return
    for row in rows.values():
        insert(row)
