"""People and organisations by the beginnings of their names and addresses, along an index."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import Q, QuerySet

from zaguan.lib.folding import fold, words_of
from zaguan.people.models import Contact, Identity, Organisation, OrganisationDomain
from zaguan.search.models import Name
from zaguan.tickets.filter_people import register_name_finder

LONGEST = 80
# A beginning that more names share than this says too little.
MOST = 50


def index_contact(contact_id: int) -> None:
    """Make a contact findable by name and addresses, as they are now."""
    name = Contact.objects.filter(pk=contact_id).values_list("name", flat=True).first()
    addresses = Identity.objects.filter(contact_id=contact_id).values_list("value", flat=True)
    _store("contact", contact_id, [] if name is None else [name, *addresses])


def index_organisation(organisation_id: int) -> None:
    """Make an organisation findable by name and domains, as they are now."""
    name = Organisation.objects.filter(pk=organisation_id).values_list("name", flat=True).first()
    domains = OrganisationDomain.objects.filter(organisation_id=organisation_id).values_list(
        "name", flat=True
    )
    _store("organisation", organisation_id, [] if name is None else [name, *domains])


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


def named(kind: str, text: str, limit: int = MOST) -> list[int]:
    """The ids of those of whom every word of `text` begins a word; whole words first, then the shortest."""
    words = [fold(text.strip())] if "@" in text else words_of(text)
    if not words:
        return []
    found: QuerySet[Name] = Name.objects.filter(_begins(words[0]), kind=kind)
    for word in words[1:]:
        others = Name.objects.filter(_begins(word), kind=kind)
        found = found.filter(object_id__in=others.values("object_id"))
    some = list(found.order_by("word").values_list("word", "object_id")[: limit * 5])
    some.sort(key=lambda pair: (pair[0] != words[0], len(pair[0]), pair[0]))
    return list(dict.fromkeys(number for _word, number in some))[:limit]


def _begins(word: str) -> Q:
    # Only so does each database use its index.
    if connection.vendor == "postgresql":
        return Q(word__startswith=word)
    return Q(word__gte=word, word__lt=word + "\U0010ffff")


@register_name_finder
def find_named(kind: str, text: str) -> list[int]:
    """What from:ana and organisation:patio mean."""
    return named(kind, text)
