"""Rules: what happens, on which tickets, what is done, and why it was done."""

from __future__ import annotations

from typing import Any

from zaguan.automation import rule_book
from zaguan.automation.models import Rule, RuleRun
from zaguan.automation.rule_log import run_behind, runs_on, told
from zaguan.automation.rules import delete_rule, reorder_rules
from zaguan.automation.tests.rule_makers import make_rule, work
from zaguan.events.models import EventRecord
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Status, Ticket
from zaguan.tickets.statuses import set_status

OPENED = [{"trigger": "ticket_opened"}]
IMPORTANT = [{"action": "set_important", "values": {"important": True}}]


def _tags(ticket: Ticket) -> set[str]:
    return {tag.name for tag in Ticket.objects.get(pk=ticket.pk).tags.all()}


def _tagging(*tags: str) -> list[dict[str, Any]]:
    return [{"action": "add_tags", "values": {"tags": list(tags)}}]


def test_a_rule_acts_on_the_tickets_that_its_filter_finds(world: World) -> None:
    make_rule(world, when=OPENED, query="team:Support", steps=_tagging("vip"))
    mine, other = make_ticket(world), make_ticket(world, team=world.sales)
    assert work() > 0
    assert _tags(mine) == {"vip"}
    assert _tags(other) == set()


def test_it_says_why_it_acted(world: World) -> None:
    rule = make_rule(
        world, when=OPENED, query="team:Support -is:important", steps=[*_tagging("vip"), *IMPORTANT]
    )
    ticket = make_ticket(world)
    work()
    run = runs_on(ticket.pk, world.ana).get()
    words = told(run)
    assert (words.rule, words.version, words.outcome) == (rule, rule.version, "done")
    assert [(c.sentence, c.true, c.seen) for c in words.conditions] == [
        ("team:Support", True, "Support"),
        ("-is:important", True, "No"),
    ]
    assert [(a.state, a.old, a.new) for a in words.actions] == [("done", "–", "vip"), ("done", "No", "Sí")]
    tagged = EventRecord.objects.get(ticket_id=ticket.pk, kind="tickets.TagsChanged")
    assert (tagged.actor_kind, tagged.actor_id) == ("rule", rule.pk)
    assert run_behind(tagged.pk, world.ana) == run
    opened = EventRecord.objects.get(ticket_id=ticket.pk, kind="tickets.TicketOpened")
    assert run.event_id == opened.pk
    assert run_behind(opened.pk, world.ana) is None


def test_a_reaction_that_is_run_twice_acts_once(world: World) -> None:
    from zaguan.automation.triggering import react_to

    make_rule(world, when=OPENED, steps=[{"action": "note", "values": {"text": "Hola"}}])
    ticket = make_ticket(world)
    work()
    opened = EventRecord.objects.get(ticket_id=ticket.pk, kind="tickets.TicketOpened")
    react_to(opened.pk)
    react_to(opened.pk)
    assert ticket.messages.count() == 1
    assert RuleRun.objects.count() == 1


def test_old_and_new_values_are_those_of_the_change(world: World) -> None:
    """Not those of the ticket, which may have gone on before the worker came to it."""
    open_status = Status.objects.get(phase="open", is_default=True)
    waiting = Status.objects.filter(phase="customer").first()
    assert waiting is not None
    make_rule(
        world,
        when=[{"trigger": "status_changed"}],
        conditions=[{"condition": "status_to", "values": {"row": waiting.pk}}],
        steps=_tagging("waited"),
    )
    ticket = make_ticket(world)
    set_status(ticket, waiting, by=world.ana)
    set_status(ticket, open_status, by=world.ana)
    work()
    assert _tags(ticket) == {"waited"}
    assert RuleRun.objects.count() == 1


def test_order_is_kept_and_a_rule_may_say_stop_here(world: World) -> None:
    second = make_rule(world, name="Second", when=OPENED, steps=_tagging("second"), stops=True)
    make_rule(world, name="Third", when=OPENED, steps=_tagging("third"))
    first = make_rule(world, name="First", when=OPENED, steps=_tagging("first"))
    reorder_rules([first.pk, second.pk], by=world.bo)
    ticket = make_ticket(world)
    work()
    assert _tags(ticket) == {"first", "second"}
    assert [run.rule.name for run in runs_on(ticket.pk, world.ana)] == ["Second", "First"]


def test_a_later_rule_looks_at_what_an_earlier_one_has_made_of_the_ticket(world: World) -> None:
    make_rule(world, when=OPENED, query="-is:important", steps=IMPORTANT)
    make_rule(world, when=OPENED, query="-is:important", steps=_tagging("plain"))
    ticket = make_ticket(world)
    work()
    assert _tags(ticket) == set()


def test_one_action_that_is_refused_leaves_the_others(world: World) -> None:
    make_rule(
        world,
        when=OPENED,
        steps=[{"action": "assign", "values": {"assignee": world.ana.email}}, *_tagging("seen")],
    )
    ticket = make_ticket(world, team=world.sales)
    work()
    assert _tags(ticket) == {"seen"}
    run = told(RuleRun.objects.get())
    assert [(a.state, bool(a.reason)) for a in run.actions] == [("refused", True), ("done", False)]


def test_a_rule_that_changes_nothing_makes_no_event(world: World) -> None:
    make_rule(world, when=OPENED, steps=[{"action": "set_important", "values": {"important": False}}])
    ticket = make_ticket(world)
    before = Ticket.objects.get(pk=ticket.pk).version
    work()
    assert not EventRecord.objects.filter(actor_kind="rule").exists()
    assert Ticket.objects.get(pk=ticket.pk).version == before
    assert RuleRun.objects.get().outcome == "same"


def test_a_rule_that_is_off_or_deleted_does_nothing(world: World) -> None:
    off = make_rule(world, when=OPENED, steps=IMPORTANT, active=False)
    gone = make_rule(world, when=OPENED, steps=IMPORTANT)
    delete_rule(gone, by=world.bo)
    ticket = make_ticket(world)
    work()
    assert not Ticket.objects.get(pk=ticket.pk).is_important
    assert list(Rule.objects.kept().filter(key="")) == [off]


def test_a_filter_that_lost_its_name_stops_only_its_rule(world: World) -> None:
    broken = make_rule(world, when=OPENED, query="team:Support", steps=IMPORTANT)
    Rule.objects.filter(pk=broken.pk).update(query="team:Gone")
    make_rule(world, when=OPENED, steps=_tagging("fine"))
    rule_book.forget()
    ticket = make_ticket(world)
    work()
    assert _tags(ticket) == {"fine"}
    assert not Ticket.objects.get(pk=ticket.pk).is_important


def test_a_mail_that_opens_a_ticket_starts_a_rule_about_both_once(world: World) -> None:
    from zaguan.automation.triggers import started_by

    both = [{"trigger": "message_received", "values": {}}, {"trigger": "ticket_opened", "values": {}}]
    assert started_by(both, "conversations.MessageReceived", {"opened": True}) is None
    assert started_by(both, "conversations.MessageReceived", {"opened": False}) == both[0]
    assert started_by(both[:1], "conversations.MessageReceived", {"opened": True}) == both[0]


def test_many_rules_are_asked_in_one_question(world: World, django_assert_max_num_queries: Any) -> None:
    from zaguan.automation.triggering import react_to

    for number in range(30):
        make_rule(
            world,
            name=f"R{number}",
            when=OPENED,
            query=f"team:Sales tag:none created:{number + 1}d",
            steps=IMPORTANT,
        )
    ticket = make_ticket(world)
    opened = EventRecord.objects.get(ticket_id=ticket.pk, kind="tickets.TicketOpened")
    react_to(opened.pk)
    with django_assert_max_num_queries(3):
        react_to(opened.pk)
