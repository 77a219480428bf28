"""Every mail through the real intake into a database of its own: each ends as a message, or in a list with its reason."""

from __future__ import annotations

from collections import Counter

from tests.conformance.tally import Tally

ADDRESS = "conformance@zaguan.example"
_GOOD = {"opened", "joined", "followed_up", "duplicate", "held"}


class Intake:
    """Call it with raw mails, then ask for the tally."""

    def __init__(self) -> None:
        from django.core.management import call_command

        from zaguan.conversations.models import Inbox
        from zaguan.people.models import Team

        call_command("migrate", verbosity=0)
        team = Team.objects.create(name="Conformance")
        Inbox.objects.create(kind="email", name="Conformance", address=ADDRESS, team=team)
        self.outcomes: Counter[str] = Counter()
        self.tally = Tally("all mail through receive")

    def __call__(self, raw: bytes) -> None:
        from zaguan.channels.email.receiving_mail import receive_bytes

        self.tally.cases += 1
        envelope = {"from": "sender@elsewhere.example", "to": [ADDRESS]}
        outcome = receive_bytes(raw, inbox_address=ADDRESS, source="pipe", envelope=envelope)
        self.outcomes[outcome.outcome] += 1
        if outcome.outcome not in _GOOD:
            self.tally.crashes.append(f"mail {self.tally.cases}: {outcome.outcome}: {outcome.reason}")

    def finish(self) -> Tally:
        """Count what the database holds: nothing that came in may be unaccounted for."""
        from zaguan.conversations.models import Message, RawMessage

        new = sum(self.outcomes[name] for name in ("opened", "joined", "followed_up"))
        stored = Message.objects.filter(direction="in").exclude(raw=None).count()
        if stored != new:
            self.tally.crashes.append(f"{new} mails were said to be messages, {stored} are")
        open_ones = RawMessage.objects.filter(state="received").count()
        if open_ones:
            self.tally.crashes.append(f"{open_ones} mails were stored and never processed")
        print("through receive: " + ", ".join(f"{n} {name}" for name, n in sorted(self.outcomes.items())))
        return self.tally
