"""The one filter language: the list, search, saved views and rules read it, and get one condition on tickets."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zaguan.lib.folding import squeeze
from zaguan.people.models import Agent
from zaguan.tickets.filter_language import Term, Word, read
from zaguan.tickets.models import Ticket

# Seconds that SQL made of a filter may be asked again: "7d" means another moment later, and new people come all the time.
LIFETIME, SHORT_LIFETIME = 30.0, 2.0


class NotUnderstood(ValueError):  # noqa: N818 (it is shown, not raised to the person)
    """A value that an operator cannot read; the text is a sentence for the person."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """An operator; `aliases` are its names in other languages.

    `condition` turns one value into a Q or raises NotUnderstood; `values` lists what can be chosen, for suggestions.
    """

    key: str
    aliases: tuple[str, ...] = ()
    label: str | Promise
    condition: Callable[[str, Agent], Q]
    values: Callable[[Agent], Iterable[str]] | None = None
    # Few tickets match, found through an index of its own.
    narrow: Callable[[str], bool] | bool = False
    # It decides which statuses are shown, so that a view need not.
    about_status: Callable[[str], bool] | bool = False
    # No index knows the answer: each ticket of a view must be looked at.
    walks: Callable[[str], bool] | bool = False
    # What a value names is looked up when the filter is read, among what comes in all day.
    fleeting: bool = False


@dataclass(frozen=True)
class Query:
    """What was asked: a condition, the words that are left for full-text search, and what was not understood."""

    q: Q = field(default_factory=Q)
    terms: tuple[Term, ...] = ()
    tokens: tuple[Word, ...] = ()
    problems: list[str] = field(default_factory=list)
    says_status: bool = False
    narrow: bool = False
    walks: bool = False
    fleeting: bool = False

    @property
    def lifetime(self) -> float:
        """Seconds that SQL made of it may be asked again."""
        return SHORT_LIFETIME if self.fleeting or self.tokens else LIFETIME

    @property
    def words(self) -> str:
        """The part for full-text search, as it was written."""
        return " ".join(map(str, self.tokens))


WordFinder = Callable[[tuple[Word, ...], Agent], Q]
_fields: dict[str, Field] = {}
_by_name: dict[str, Field] = {}
_word_finder: list[WordFinder] = []
_more: list[tuple[Callable[[str], Field | None], Callable[[], list[str]]]] = []


def register(new: Field) -> Field:
    """Offer an operator everywhere; its names must be free."""
    for name in {squeeze(name) for name in (new.key, *new.aliases)}:
        if name in _by_name:
            raise ValueError(f"the filter {name}: is registered twice")
        _by_name[name] = new
    _fields[new.key] = new
    return new


def register_word_finder(finder: WordFinder) -> WordFinder:
    """Let full-text search say which tickets contain some words."""
    _word_finder[:] = [finder]
    return finder


def register_more(named: Callable[[str], Field | None], names: Callable[[], list[str]]) -> None:
    """Operators that administrators make: found by their squeezed name when no other has it."""
    _more.append((named, names))


def builtin_names() -> set[str]:
    """Names of operators, squeezed, that no attribute may take."""
    return set(_by_name)


def _named(key: str) -> Field | None:
    found = _by_name.get(squeeze(key))
    return found or next((field for named, _names in _more if (field := named(squeeze(key)))), None)


def field_named(key: str) -> Field | None:
    """The operator behind a name in any language."""
    return _named(key)


def _all_names() -> list[str]:
    built_in = [name for one in _fields.values() for name in (one.key, *one.aliases)]
    return [*built_in, *(name for _named_, names in _more for name in names())]


def all_fields() -> list[Field]:
    """Every operator, in the order of registration."""
    return list(_fields.values())


def parse(text: str, viewer: Agent, *, with_words: bool = True) -> Query:
    """Read a filter. Never raises: what is not understood is left out and told in `problems`.

    `with_words=False` leaves the words out of the condition, for search, which finds them itself.
    """
    query = Query()
    for part in map(_as_meant, read(text)):
        if isinstance(part, Word):
            query = replace(query, tokens=(*query.tokens, part))
        else:
            query = _with_term(query, part, viewer)
    if with_words and query.tokens and _word_finder:
        query = replace(query, q=query.q & _word_finder[0](query.tokens, viewer), narrow=True)
    return query


def _as_meant(part: Word | Term) -> Word | Term:
    """What has a dot and is no operator was meant as a word, such as the address of a machine with its port."""
    if isinstance(part, Word) or "." not in part.key or _named(part.key) is not None:
        return part
    heads = {squeeze(name.partition(".")[0]) for name in _all_names() if "." in name}
    if squeeze(part.key.partition(".")[0]) in heads:
        return part
    return Word(f"{part.key}:{','.join(part.values)}", negated=part.negated)


def matches(ticket: Ticket, text: str, viewer: Agent) -> bool:
    """Whether one ticket is among those that a filter finds."""
    return Ticket.objects.filter(parse(text, viewer).q, pk=ticket.pk).exists()


def _with_term(query: Query, term: Term, viewer: Agent) -> Query:
    if (found := _named(term.key)) is None:
        problem = _suggest(_("There is no filter “%(key)s:”.") % {"key": term.key}, term.key, _all_names())
        return replace(query, problems=[*query.problems, problem])
    any_of, problems, understood = Q(), [], False
    for value in term.values:
        try:
            condition = found.condition(value, viewer)
        except NotUnderstood as error:
            options = list(found.values(viewer)) if found.values else []
            problems.append(_suggest(str(error), value, options))
        else:
            any_of, understood = (any_of | condition if understood else condition), True
    if not term.values:
        problems.append(_("Write what you look for after “%(key)s:”.") % {"key": term.key})
    query = replace(query, problems=[*query.problems, *problems])
    return _joined(query, term, found, any_of) if understood else query


def _joined(query: Query, term: Term, found: Field, condition: Q) -> Query:
    return replace(
        query,
        q=query.q & (~condition if term.negated else condition),
        terms=(*query.terms, term),
        says_status=query.says_status or _any(found.about_status, term),
        walks=query.walks or term.negated or _any(found.walks, term),
        fleeting=query.fleeting or found.fleeting,
        narrow=query.narrow or (not term.negated and _all(found.narrow, term)),
    )


def _any(question: Callable[[str], bool] | bool, term: Term) -> bool:
    return any(map(question, term.values)) if callable(question) else question


def _all(question: Callable[[str], bool] | bool, term: Term) -> bool:
    return all(map(question, term.values)) if callable(question) else question


def _suggest(sentence: str, written: str, options: list[str]) -> str:
    by_squeezed = {squeeze(option): option for option in options}
    near = difflib.get_close_matches(squeeze(written), by_squeezed, n=1, cutoff=0.6)
    if not near:
        return sentence
    return sentence + " " + _("Did you mean “%(option)s”?") % {"option": by_squeezed[near[0]]}
