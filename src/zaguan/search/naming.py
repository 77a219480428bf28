"""People and organisations by the beginnings of their names and addresses, along an index."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import connection

from zaguan.lib.folding import fold, words_of
from zaguan.lib.prepared import Prepared
from zaguan.people.models import Contact, Identity, Organisation, OrganisationDomain
from zaguan.search.models import Name
from zaguan.tickets.filter_people import register_name_finder
from zaguan.tickets.models import ProductItem

LONGEST = 80
# A beginning that more names share than this says too little.
MOST = 50
MOST_WORDS, LOOKED_AT = 6, 1000
MOST_SERIALS = 500


_contact_name = Prepared(
    lambda pk: Contact.objects.filter(pk=pk, merged_into=None).order_by().values_list("name")
)
_contact_addresses = Prepared(
    lambda pk: Identity.objects.filter(contact_id=pk).order_by().values_list("value")
)


def index_contact(contact_id: int, *, is_new: bool = False) -> None:
    """Make a contact findable by name and addresses, as they are now; of a new one nothing is there yet."""
    found = [*_contact_name(contact_id), *_contact_addresses(contact_id)]
    texts = [text for (text,) in found] if found else []
    if is_new:
        _put(sorted(name_words(texts)), "contact", contact_id)
    else:
        _store("contact", contact_id, [*texts, *_serials(contact=contact_id)])


def _put(words: list[str], kind: str, number: int) -> None:
    """In one statement, as each mail of a new customer makes half a dozen."""
    if not words:
        return
    marks = ", ".join(["(%s, %s, %s)"] * len(words))
    values = [value for word in words for value in (word, kind, number)]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO search_name (word, kind, object_id) VALUES {marks}", values)  # noqa: S608 (only marks)


def index_organisation(organisation_id: int) -> None:
    """Make an organisation findable by name and domains, as they are now."""
    name = Organisation.objects.filter(pk=organisation_id).values_list("name", flat=True).first()
    domains = OrganisationDomain.objects.filter(organisation_id=organisation_id).values_list(
        "name", flat=True
    )
    serials = _serials(organisation=organisation_id)
    _store("organisation", organisation_id, [] if name is None else [name, *domains, *serials])


def _serials(**whose: int) -> list[str]:
    """The serial numbers of what they have: who reads one from a device finds its owner."""
    found = ProductItem.objects.filter(**whose).exclude(serial_key="").order_by("-pk")
    return [text for pair in found.values_list("serial", "serial_key")[:MOST_SERIALS] for text in pair]


def name_words(texts: Iterable[str]) -> set[str]:
    """The words under which these names and addresses are found: each part, and an address as a whole."""
    found: set[str] = set()
    for text in texts:
        found.update(words_of(text))
        if "@" in text:
            found.update((fold(text), fold(text.rpartition("@")[2])))
    return {word[:LONGEST] for word in found if word}


def _store(kind: str, number: int, texts: list[str]) -> None:
    wanted = name_words(texts)
    present = dict(Name.objects.filter(kind=kind, object_id=number).values_list("word", "pk"))
    gone = [pk for word, pk in present.items() if word not in wanted]
    if gone:
        Name.objects.filter(pk__in=gone).delete()
    fresh = sorted(wanted - present.keys())
    Name.objects.bulk_create([Name(word=word, kind=kind, object_id=number) for word in fresh])


def named(text: str, limit: int = MOST) -> dict[str, list[int]]:
    """Kind → ids of those of whom every word of `text` begins a word; whole words first, then the shortest."""
    words = [fold(text.strip())] if "@" in text else words_of(text)
    if not words or len(words) > MOST_WORDS:
        return {}
    # The longest word leads, since the fewest have it; the others are asked of those who do.
    first, *others = sorted(words, key=len, reverse=True)
    asked = "".join(
        " AND EXISTS (SELECT 1 FROM search_name o"  # noqa: S608 (no values in it)
        f" WHERE o.kind = n.kind AND o.object_id = n.object_id AND {_begins('o')})"
        for _word in others
    )
    # The inner limit bounds what a beginning that half of all names share can cost.
    sql = (
        f"SELECT n.kind, n.object_id, n.word FROM (SELECT * FROM search_name b WHERE {_begins('b')}"  # noqa: S608 (no values in it)
        f" LIMIT {LOOKED_AT}) AS n WHERE 1 = 1{asked} LIMIT %s"
    )
    values = [value for word in (first, *others) for value in _range(word)]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, limit * 5])
        rows = sorted(cursor.fetchall(), key=lambda row: (row[2] != first, len(row[2]), row[2]))
    found: dict[str, dict[int, None]] = {}
    for kind, number, _word in rows:
        found.setdefault(kind, {})[number] = None
    return {kind: list(numbers)[:limit] for kind, numbers in found.items()}


def _begins(table: str) -> str:
    # Only so does each database use its index.
    if connection.vendor == "postgresql":
        return f"{table}.word LIKE %s"
    return f"({table}.word >= %s AND {table}.word < %s)"


def _range(word: str) -> list[str]:
    if connection.vendor == "postgresql":
        return [re.sub(r"([%_\\])", r"\\\1", word) + "%"]
    return [word, word + "\U0010ffff"]


@register_name_finder
def find_named(kind: str, text: str) -> list[int]:
    """What from:ana and organisation:patio mean."""
    return named(text).get(kind, [])
