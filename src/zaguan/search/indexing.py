"""Keeping the index true: put in what is new, replace what changed, take out what is gone."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction

from zaguan.conversations.models import Message
from zaguan.lib.prepared import Prepared
from zaguan.people.models import Contact, Organisation
from zaguan.search.engine import engine
from zaguan.search.models import Document, Name
from zaguan.search.naming import index_contact, index_organisation
from zaguan.search.texts import message_words, ticket_words
from zaguan.tickets.models import HIDDEN_RANK, Ticket

BATCH = 500


def index_message(message_id: int, *, whole: bool = False) -> None:
    """Make one message or note findable."""
    found = message_words(message_id, whole=whole)
    if found is None:
        return
    ticket_id, is_note, words = found
    kind = Document.Kind.NOTE if is_note else Document.Kind.MESSAGE
    engine().put(ticket_id, message_id, int(kind), words)


def index_ticket(number: int, *, is_new: bool = False) -> None:
    """Make a ticket findable by its head, as it is now."""
    if not is_new:
        _take_out([row[0] for row in _heads(number)])
    words = ticket_words(number)
    if words:
        engine().put(number, None, int(Document.Kind.HEAD), words)


def forget_message(ticket_id: int, message_id: int) -> None:
    """Take one message out."""
    _remove(Document.objects.filter(ticket_id=ticket_id, message_id=message_id))


def forget_ticket(number: int) -> None:
    """Take a ticket and all its messages out."""
    _remove(Document.objects.filter(ticket_id=number))


def follow_messages(old: int, new: int) -> None:
    """Messages that went from one ticket to another are found there; the words stay as they are."""
    moved = Message.objects.filter(ticket_id=new).values("pk")
    Document.objects.filter(ticket_id=old, message_id__in=moved).update(ticket_id=new)
    if not Ticket.objects.filter(pk=old, rank__lt=HIDDEN_RANK).exists():
        forget_ticket(old)


def index_again(number: int) -> None:
    """A ticket with all its messages, as if it had just come."""
    forget_ticket(number)
    index_ticket(number, is_new=True)
    for message_id in Message.objects.filter(ticket_id=number).order_by("pk").values_list("pk", flat=True):
        _index_again(message_id)


def _remove(documents: object) -> None:
    _take_out(list(documents.values_list("pk", flat=True)))  # type: ignore[attr-defined]


def _take_out(numbers: list[int]) -> None:
    if numbers:
        engine().remove(numbers)
        marks = ", ".join(["%s"] * len(numbers))
        # Each change of a ticket's words comes by here, and the ORM takes longer to say it than the database to do it.
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM search_document WHERE id IN ({marks})", numbers)  # noqa: S608 (only marks)


_heads = Prepared(lambda number: Document.objects.filter(ticket_id=number, message_id=None).values_list("pk"))


def reindex() -> Iterator[tuple[str, int, int]]:
    """Build the whole index anew; yields (what, done, of how many) as it goes. Search finds less meanwhile."""
    with transaction.atomic():
        Document.objects.all()._raw_delete("default")
        Name.objects.all()._raw_delete("default")
        engine().empty()
    yield from _each("people", Contact.objects.all(), index_contact)
    yield from _each("organisations", Organisation.objects.all(), index_organisation)
    yield from _each(
        "tickets",
        Ticket.objects.filter(rank__lt=HIDDEN_RANK),
        lambda number: index_ticket(number, is_new=True),
    )
    yield from _each("messages", Message.objects.filter(ticket__rank__lt=HIDDEN_RANK), _index_again)


def _index_again(message_id: int) -> None:
    index_message(message_id, whole=not _earlier(message_id, message_id))


_earlier = Prepared(
    lambda message, same: Message.objects.filter(ticket__messages=message, pk__lt=same).values_list("pk")[:1],
    arguments=2,
)


def _each(what: str, rows: object, index: object) -> Iterator[tuple[str, int, int]]:
    total, done, last = rows.count(), 0, 0  # type: ignore[attr-defined]
    while True:
        some = list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])  # type: ignore[attr-defined]
        if not some:
            return
        with transaction.atomic():
            for number in some:
                index(number)  # type: ignore[operator]
        last, done = some[-1], done + len(some)
        yield what, done, total
