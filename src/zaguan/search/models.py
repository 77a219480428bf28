"""What can be found: one row per ticket head, message and note; the words of people's names."""

from __future__ import annotations

from django.db import models


class Document(models.Model):
    """Something that contains words. Its id grows with time, which is the order of the results.

    The words lie in the full-text index of the database: in the table `search_words` on SQLite, in the column
    `vector` on PostgreSQL. A text that changes becomes a new document; the old row goes, and with it every way to it.
    """

    class Kind(models.IntegerChoices):
        HEAD = 0
        MESSAGE = 1
        NOTE = 2

    ticket_id = models.BigIntegerField()
    message_id = models.BigIntegerField(null=True)
    kind = models.SmallIntegerField(choices=Kind.choices)

    class Meta:
        indexes = [models.Index(fields=["ticket_id", "message_id"], name="documents_of_ticket")]

    def __str__(self) -> str:
        return f"document {self.pk}"


class Name(models.Model):
    """One word of a person's or organisation's name, or of an address, by which they are found as it is typed."""

    class Kind(models.TextChoices):
        CONTACT = "contact"
        ORGANISATION = "organisation"

    # Indexed for comparing beginnings on both databases.
    word = models.CharField(max_length=80, db_index=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    object_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["kind", "object_id"], name="names_of_object")]

    def __str__(self) -> str:
        return self.word


class Word(models.Model):
    """A word that occurs somewhere; SQLite completes a half-typed word from here."""

    text = models.CharField(max_length=40, primary_key=True)

    def __str__(self) -> str:
        return self.text
