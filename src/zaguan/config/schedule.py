"""Everything that runs by the clock, one line each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Entry:
    """`function` is a path "module:name", called without arguments, every `seconds`.

    Entries of one lane run one after the other in a thread of their own. `after_commits` ones also run whenever
    something was committed. One worker at a time has an entry, for at most `lease` seconds without finishing;
    `shared` ones hand out their work themselves, so that every worker may join in.
    """

    name: str
    seconds: float
    function: str
    lane: str = "clock"
    lease: int = 120
    after_commits: bool = False
    shared: bool = False

    @property
    def every(self) -> timedelta:
        return timedelta(seconds=self.seconds)

    def run(self) -> Any:
        """Do it once."""
        module, name = self.function.split(":")
        return getattr(import_module(module), name)()


HOUR, DAY = 3600, 86400

SCHEDULE = [
    Entry(
        "send what is due",
        1,
        "zaguan.channels.delivering:deliver_due",
        lane="out",
        after_commits=True,
        shared=True,
    ),
    # Not in the lane of sending: a slow server must not hold up the news that a message is in doubt.
    Entry("find what a dead worker was sending", 10, "zaguan.channels.recovering:recover_expired"),
    Entry("process mail that waits", 10, "zaguan.channels.email.receiving_mail:process_pending", lane="in"),
    Entry("wake snoozed and close resolved tickets", 10, "zaguan.tickets.coming_due:wake_and_close_due"),
    Entry("forget who was looking", 10, "zaguan.realtime.presence:expire"),
    Entry("free jobs of dead workers", 10, "zaguan.events.claiming:release_dead"),
    Entry("remove uploads never sent", DAY, "zaguan.conversations.attachments:remove_unsent"),
    Entry(
        "compare mailboxes",
        DAY,
        "zaguan.channels.email.reconciling:reconcile_all",
        lane="mailboxes",
        lease=2 * HOUR,
    ),
    Entry(
        "forget what old macros and bulk changes did",
        DAY,
        "zaguan.automation.undoing:forget_old_runs",
        lane="agents",
    ),
    Entry("let rules act whose time has come", 5, "zaguan.automation.firing:fire_due", lane="rules"),
    Entry("forget what rules did long ago", DAY, "zaguan.automation.rule_log:forget_old", lane="agents"),
    Entry("see which promises come due", 1, "zaguan.sla.waking:wake_due", lane="promises", shared=True),
    Entry("read feeds of holidays", HOUR, "zaguan.sla.feeds:read_due", lane="feeds", lease=HOUR),
    Entry("open planned tickets", 10, "zaguan.conversations.opening_due:open_due"),
    Entry("erase what lay in the trash long enough", HOUR, "zaguan.conversations.purging:purge_overdue"),
    Entry("erase PDFs nobody can fetch any more", HOUR, "zaguan.conversations.prints_file:forget_expired"),
    Entry(
        "mail agents what they were told",
        15,
        "zaguan.notifications.mailing:send_due",
        lane="agents",
        lease=600,
    ),
    Entry(
        "forget what agents were told long ago", DAY, "zaguan.notifications.reading:forget_old", lane="agents"
    ),
    Entry("forget ended sessions", DAY, "zaguan.ops.pruning:forget_sessions"),
    Entry("forget sign-in attempts", DAY, "zaguan.ops.pruning:forget_sign_in_attempts"),
]
