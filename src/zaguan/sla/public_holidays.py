"""Public holidays by country and region, named in the reader's language where the library has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import holidays
from babel import Locale
from django.utils.translation import get_language, to_locale

FIRST_YEAR, LAST_YEAR = 1950, 2100
# What the library calls days that are no official day off for everybody, but on which many places close.
CUSTOMARY = ("optional", "bank", "government", "half_day")
_NONE: Mapping[date, str] = MappingProxyType({})


def names(country: str, region: str, year: int, *, optional: bool = False) -> Mapping[date, str]:
    """The holidays of a year, in the reader's language, else as they are called in the country."""
    if not country or not FIRST_YEAR <= year <= LAST_YEAR:
        return _NONE
    return _of_year(country, region, year, optional, to_locale(get_language() or "en"))


def days(country: str, region: str, year: int, *, optional: bool = False) -> Mapping[date, str]:
    """The same for who only counts, whatever language is spoken just now."""
    if not country or not FIRST_YEAR <= year <= LAST_YEAR:
        return _NONE
    return _of_year(country, region, year, optional, "en_US")


@lru_cache(maxsize=2000)
def _of_year(country: str, region: str, year: int, optional: bool, locale: str) -> Mapping[date, str]:
    if country not in _supported() or (region and region not in _supported()[country]):
        return _NONE
    known = holidays.country_holidays(country, subdiv=region or None)
    wanted = {"public", *(CUSTOMARY if optional else ())} & set(known.supported_categories)
    found = holidays.country_holidays(
        country,
        subdiv=region or None,
        years=year,
        language=_spoken(known.supported_languages, locale) or known.default_language,
        categories=tuple(sorted(wanted)),
    )
    # A day off that moves may be counted to the year before.
    return MappingProxyType({day: name for day, name in sorted(found.items()) if day.year == year})


def _spoken(languages: tuple[str, ...], locale: str) -> str | None:
    """The best of the languages for a reader: the same, else the same without its country."""
    language = locale.partition("_")[0]
    kin = [each for each in languages if each.partition("_")[0] == language]
    return locale if locale in languages else next(iter(kin), None)


@lru_cache(maxsize=1)
def _supported() -> dict[str, list[str]]:
    return holidays.list_supported_countries(include_aliases=False)


def countries() -> list[tuple[str, str]]:
    """Code and name in the reader's language, by name."""
    return _countries(to_locale(get_language() or "en"))


@lru_cache(maxsize=20)
def _countries(locale: str) -> list[tuple[str, str]]:
    called = Locale.parse(locale).territories
    found = [(code, called.get(code, code)) for code in _supported() if len(code) == 2]
    return sorted(found, key=lambda each: each[1].casefold())


@lru_cache(maxsize=300)
def regions(country: str) -> list[tuple[str, str]]:
    """Code and name of the regions that have holidays of their own; none for an unknown country."""
    codes = _supported().get(country)
    if not codes:
        return []
    called = holidays.country_holidays(country).get_subdivision_aliases()
    found = [(code, next(iter(called.get(code, ())), code)) for code in codes]
    return sorted(found, key=lambda each: each[1].casefold())


def is_known(country: str, region: str) -> bool:
    """True for a country, or none, and one of its regions, or none."""
    if not country:
        return not region
    return country in _supported() and (not region or region in _supported()[country])
