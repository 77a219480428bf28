"""Quotes and signatures in mails: found in many languages, folded and never cut."""

from zaguan.lib.quotes.folding import Split, folds, split

__all__ = ["Split", "folds", "split"]
