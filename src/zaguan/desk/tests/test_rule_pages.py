"""Settings → Rules: written in words, tried, switched on, and the answer to "why did this happen?"."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from zaguan.automation.models import Rule, RuleRun, RuleTrial
from zaguan.automation.rules import save_rule, set_active
from zaguan.automation.tests.rule_makers import work
from zaguan.automation.trying import trial_batch
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status

pytestmark = pytest.mark.django_db
HOME = "/desk/settings/automation/"
TYPED = {
    "name": "Mark", "query": "is:open", "when-0-key": "status_changed", "if-0-key": "phase_to", "if-0-phase": "open",
    "step-0-key": "add_tags", "step-0-tags": "seen",
}  # fmt: skip


def desk(world: World, who: str = "bo") -> Client:
    agent = getattr(world, who)
    agent.language = "en"
    agent.save()
    client = Client()
    client.force_login(agent)
    return client


def rule_of(world: World, **more: Any) -> Rule:
    given: dict[str, Any] = {
        "name": "Mark",
        "when": [{"trigger": "status_changed", "values": {}}],
        "conditions": [{"condition": "phase_to", "values": {"phase": "open"}, "not": False}],
        "steps": [{"action": "add_tags", "values": {"tags": ["seen"]}}],
    }
    return save_rule(world.bo, None, by=world.bo, **(given | more))


def test_an_empty_list_says_what_a_rule_is_and_a_role_without_it_sees_nothing() -> None:
    world = make_world()
    Rule.objects.all().delete()
    assert "No rules yet" in desk(world).get(HOME).text
    assert desk(world, "ana").get(HOME).status_code == 403


def test_parts_are_added_and_taken_away_without_losing_a_word() -> None:
    world = make_world()
    client = desk(world)
    added = client.post(f"{HOME}new/", TYPED | {"do": "if-add", "if-add": "phase_from"}).text
    assert 'name="if-1-phase"' in added
    assert 'value="Mark"' in added
    assert 'value="seen"' in added
    gone = client.post(f"{HOME}new/", TYPED | {"do": "when-drop:0"}).text
    assert 'name="when-0-key"' not in gone
    assert 'value="seen"' in gone
    assert not Rule.objects.filter(name="Mark").exists()


def test_what_was_just_added_is_asked_for_on_saving_and_not_before() -> None:
    client = desk(make_world())
    typed = {**TYPED, "step-0-key": "notify", "step-0-to": "team", "step-0-text": "", "if-0-phase": ""}
    added = client.post(f"{HOME}new/", typed | {"do": "add", "add": "call_webhook"}).text
    assert "This field is required." not in added
    assert "One of the parts is not complete." in added
    assert "This field is required." in client.post(f"{HOME}new/", typed).text
    wrong = client.post(f"{HOME}new/", typed | {"step-0-text": "Look at {{ticket.nummer}}"}).text
    assert "There is no placeholder “ticket.nummer”." in wrong
    assert not Rule.objects.filter(name="Mark")


def test_the_words_follow_what_is_typed_and_say_what_cannot_be_read() -> None:
    world = make_world()
    shown = desk(world).post(f"{HOME}words/", TYPED | {"query": "stauts:open", "if-0-not": "on"}).text
    assert "<strong>the status changes</strong>" in shown
    assert "not: Phase after: Open" in shown
    assert "stauts" in shown
    assert "banner" in shown


def test_a_rule_is_made_switched_on_moved_and_deleted() -> None:
    world = make_world()
    client = desk(world)
    client.post(f"{HOME}new/", TYPED | {"do": "on"})
    rule = Rule.objects.get(name="Mark")
    assert rule.is_acting
    assert rule.steps == [{"action": "add_tags", "values": {"tags": ["seen"]}}]
    shown = client.get(HOME).text
    assert "When the status changes, if is:open and Phase after: Open" in shown
    edit = f"{HOME}{rule.pk}/"
    assert 'value="seen"' in client.get(edit).text
    client.post(f"{edit}move/", {"do": "off"})
    other = rule_of(world, name="Other")
    client.post(f"{HOME}order/", {"order": f"{other.pk},{rule.pk}"})
    assert list(Rule.objects.kept().filter(name__in=["Mark", "Other"])) == [other, rule]
    client.post(edit, {"do": "delete"})
    assert not Rule.objects.kept().filter(pk=rule.pk).exists()
    assert client.get(edit).status_code == 404


def test_somebody_elses_change_is_not_written_over() -> None:
    world = make_world()
    rule = rule_of(world)
    save_rule(world.bo, rule, by=world.bo, name="Newer", when=rule.when, steps=rule.steps)
    shown = desk(world).post(f"{HOME}{rule.pk}/", TYPED | {"version": "1"}).text
    assert "Somebody changed this rule" in shown
    rule.refresh_from_db()
    assert rule.name == "Newer"


def test_versions_tell_their_differences_and_come_back() -> None:
    world = make_world()
    rule = rule_of(world)
    client = desk(world)
    client.post(f"{HOME}{rule.pk}/", TYPED | {"step-0-tags": "other", "query": ""})
    shown = client.get(f"{HOME}{rule.pk}/versions/").text
    assert "Version 2" in shown
    assert "<del>" in shown
    client.post(f"{HOME}{rule.pk}/restore/", {"version": "1"})
    rule.refresh_from_db()
    assert rule.steps[0]["values"]["tags"] == ["seen"]
    assert "brought back from version 1" in client.get(f"{HOME}{rule.pk}/versions/").text


def test_a_dry_run_of_what_is_typed_counts_and_lists_and_changes_nothing() -> None:
    world = make_world()
    ticket = make_ticket(world, subject="Leaking tap")
    set_status(ticket, default_status(Phase.OPEN), by=world.ana)
    client = desk(world)
    answer = client.post(f"{HOME}new/", TYPED | {"do": "try"})
    trial = RuleTrial.objects.get()
    assert answer["Location"] == f"{HOME}trials/{trial.pk}/"
    assert "data-run-page" in client.get(answer["Location"]).text
    while trial_batch(trial.pk, 50):
        pass
    shown = client.get(answer["Location"]).text
    assert "Would have acted on one ticket" in shown
    assert "Leaking tap" in shown
    assert "data-run-page" not in shown
    assert not Rule.objects.filter(name="Mark").exists()
    ticket.refresh_from_db()
    assert ticket.tags.count() == 0


def test_the_ticket_says_why_with_conditions_actions_and_the_first_cause() -> None:
    world = make_world()
    rule = rule_of(world)
    set_active(world.bo, rule, True, by=world.bo)
    ticket = make_ticket(world)
    set_status(ticket, default_status(Phase.OPEN), by=world.ana)
    work()
    run = RuleRun.objects.get(rule=rule)
    client = desk(world, "ana")
    page = client.get(f"/desk/tickets/{ticket.pk}/").text
    assert f"/desk/tickets/{ticket.pk}/why/?event=" in page
    event = page.split(f"/desk/tickets/{ticket.pk}/why/?event=")[1].split('"')[0]
    shown = client.get(f"/desk/tickets/{ticket.pk}/why/?event={event}").text
    for words in (
        "Mark",
        "Version",
        "<dd>the status changes",
        "Phase after: Open",
        "seen: ",
        "The first cause: Ana",
    ):
        assert words in shown, words
    assert f"{HOME}{rule.pk}/" not in shown, "Ana may not change rules"
    assert "Mark" in client.get(f"/desk/tickets/{ticket.pk}/?tab=why").text
    assert "Why?" in client.get(f"/desk/tickets/{ticket.pk}/?tab=changes").text
    runs = desk(world).get(f"{HOME}{rule.pk}/runs/").text
    assert f"/desk/tickets/{ticket.pk}/why/?run={run.pk}" in runs
    assert client.get(f"/desk/tickets/{make_ticket(world).pk}/why/?run={run.pk}").text.count("Mark") == 0


def test_a_ticket_of_another_team_tells_nothing() -> None:
    world = make_world()
    ticket = make_ticket(world)
    assert Ticket.objects.filter(pk=ticket.pk).exists()
    assert desk(world, "cleo").get(f"/desk/tickets/{ticket.pk}/why/").status_code == 404
