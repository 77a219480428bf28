"""A guess at the language of a mail from its commonest words; "" when they do not tell."""

from __future__ import annotations

import re

_WORDS = {
    "es": "el la los las que de en y por para con una es se no lo como pero su este esta gracias hola muy más está",
    "pt": "o a os as que de em e por para com uma é se não do da no na como mas este esta obrigado olá muito mais está você",
    "en": "the and to of a in is that for it with you on this be have are not we i was hi thanks please your can",
    "fr": "le la les de et à en un une que pour dans est ne pas je vous nous avec sur ce cette merci bonjour plus des du",
    "de": "der die das und zu in ist nicht ich sie wir mit auf für ein eine es dass den dem von hallo danke bitte sehr",
    "it": "il la le di e che per un una non con sono in si è del della i gli come ma questo grazie ciao salve più",
}
_SETS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")


def language_of(stated: str, text: str) -> str:
    """The language by its words; what the mail states only when the words do not tell."""
    words = _WORD.findall(text[:2_000].lower())
    if len(words) >= 4:
        scores = sorted(
            [(len([word for word in words if word in known]), language) for language, known in _SETS.items()],
            reverse=True,
        )
        (best, language), (second, _) = scores[0], scores[1]
        if best >= 2 and best * 6 >= len(words) and best > second:
            return language
    stated = stated.strip().lower()[:2]
    return stated if len(stated) == 2 and stated.isalpha() else ""
