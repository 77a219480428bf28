"""Mass updates: each conversation once, whoever dies meanwhile; taken back, paced, tried again."""

from __future__ import annotations

from typing import Any

import pytest

from zaguan.conversations import informing
from zaguan.conversations.informed import numbers_of, recipients_of
from zaguan.conversations.informing import inform, inform_next, retry_failures
from zaguan.conversations.mass_updates import change_update, leave_out, plan_update, start_update, stop_update
from zaguan.conversations.models import Delivery, MassRecipient, MassUpdate, Message
from zaguan.conversations.replying import Outgoing, reply
from zaguan.conversations.tests.test_trackers import make_affected, make_tracker, track
from zaguan.events.models import Job
from zaguan.lib.errors import Refused
from zaguan.testing.makers import make_ticket
from zaguan.testing.world import World, make_world
from zaguan.tickets.models import Phase, Ticket
from zaguan.tickets.statuses import default_status, set_status


def start(world: World, tracker: Ticket, html: str, **more: Any) -> MassUpdate:
    return start_update(plan_update(tracker, html, by=world.ana, **more), by=world.ana)


@pytest.mark.django_db
def test_a_mass_update_reaches_each_conversation_once() -> None:
    world = make_world()
    tracker, affected = make_tracker(world), make_affected(world, 4)
    closed = make_ticket(world)
    track(world, tracker, [*affected, closed])
    set_status(closed, default_status(Phase.CLOSED), by=world.ana)
    update = plan_update(tracker, "<p>Hola {{requester.first_name|cliente}}, ya anda.</p>", by=world.ana)
    leave_out(update, [affected[0].pk])
    lines, _more = recipients_of(update, world.ana)
    assert [line.state for line in lines] == ["excluded", "waiting", "waiting", "waiting", "skipped"]
    assert lines[1].text.strip() == "Hola Cliente, ya anda."
    start_update(update, by=world.ana)
    start_update(update, by=world.ana)
    for _time in range(2):
        inform_next(update.pk)
        for row in MassRecipient.objects.all():
            inform(row.pk)
    assert [Message.objects.filter(ticket=t, direction="out").count() for t in affected] == [0, 1, 1, 1]
    update.refresh_from_db()
    assert update.state == "finished"
    assert numbers_of(update)["excluded"] == 1
    Delivery.objects.filter(message__ticket=affected[1]).update(state="failed")
    assert retry_failures(update, by=world.ana) == 1
    assert Delivery.objects.filter(message__ticket=affected[1]).count() == 2
    assert Message.objects.filter(direction="out").count() == 3


@pytest.mark.django_db
def test_a_killed_job_leaves_nobody_out_and_doubles_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    tracker, affected = make_tracker(world), make_affected(world, 4)
    track(world, tracker, affected)
    update = start(world, tracker, "<p>Ya anda</p>")
    original, sent = reply, []

    def killed(ticket: Ticket, outgoing: Outgoing, *, by: Any) -> Message:
        made = original(ticket, outgoing, by=by)
        sent.append(made)
        if len(sent) == 2:
            raise RuntimeError("killed after writing, before the commit")
        return made

    monkeypatch.setattr(informing, "reply", killed)
    with pytest.raises(RuntimeError):
        inform_next(update.pk)
    assert Message.objects.filter(direction="out").count() == 1
    monkeypatch.setattr(informing, "reply", original)
    inform_next(update.pk)
    assert [Message.objects.filter(ticket=t, direction="out").count() for t in affected] == [1, 1, 1, 1]


@pytest.mark.django_db
def test_a_mass_update_can_be_taken_back_and_keeps_its_pace() -> None:
    world = make_world()
    tracker, affected = make_tracker(world), make_affected(world, 3)
    track(world, tracker, affected)
    update = start(world, tracker, "<p>Ya anda</p>", per_minute=12)
    assert stop_update(update, by=world.ana).state == "draft"
    inform_next(update.pk)
    assert not Message.objects.filter(direction="out").exists()
    Job.objects.all().delete()
    start_update(update, by=world.ana)
    Job.objects.all().delete()
    inform_next(update.pk)
    assert Message.objects.filter(direction="out").count() == 1
    assert Job.objects.filter(task=informing.TASK).count() == 1
    assert stop_update(update, by=world.ana).state == "stopped"
    inform_next(update.pk)
    assert numbers_of(update)["waiting"] == 3


@pytest.mark.django_db
def test_only_what_the_writer_may_see_is_reached_and_nothing_unfilled_leaves() -> None:
    world = make_world()
    tracker, affected = make_tracker(world), make_affected(world, 2)
    foreign = make_ticket(world, team=world.sales)
    track(world, tracker, [*affected, foreign])
    update = start(world, tracker, "<p>Hola {{requester.nonsense}}</p>")
    inform_next(update.pk)
    assert MassRecipient.objects.filter(ticket=foreign).count() == 0
    assert numbers_of(update)["failed"] == 2
    assert not Message.objects.filter(direction="out").exists()


@pytest.mark.django_db
def test_each_customer_gets_the_text_in_their_language() -> None:
    world = make_world()
    tracker, affected = make_tracker(world), make_affected(world, 4)
    track(world, tracker, affected)
    for ticket, language in zip(affected, ("en", "pt", "es-mx", "de"), strict=True):
        assert ticket.requester is not None
        ticket.requester.language = language
        ticket.requester.save(update_fields=["language"])
    texts = {"en": "<p>Hi {{requester.first_name|customer}}</p>", "pt-br": "<p>Oi</p>", "es": "<p> </p>"}
    update = plan_update(tracker, "<p>Hola</p>", by=world.ana, translations=texts)
    assert set(update.translations) == {"en", "pt-br"}
    lines, _more = recipients_of(update, world.ana)
    assert [line.written_in for line in lines] == ["en", "pt-br", "", ""]
    assert [line.text.split()[0] for line in lines] == ["Hi", "Oi", "Hola", "Hola"]
    start_update(update, by=world.ana)
    inform_next(update.pk)
    said = [Message.objects.get(ticket=t, direction="out").text.split()[0] for t in affected]
    assert said == ["Hi", "Oi", "Hola", "Hola"]


@pytest.mark.django_db
def test_texts_are_changed_together_and_only_in_languages_of_ours() -> None:
    world = make_world()
    tracker = make_tracker(world)
    track(world, tracker, make_affected(world, 1))
    with pytest.raises(Refused):
        plan_update(tracker, "<p>Hola</p>", by=world.ana, translations={"xx": "<p>x</p>"})
    update = plan_update(tracker, "<p>Hola</p>", by=world.ana, translations={"en": "<p>Hi</p>"})
    assert change_update(update, html="<p>Buenas</p>").translations == {"en": "<p>Hi</p>"}
    assert change_update(update, html="<p>Buenas</p>", translations={"en": ""}).translations == {}
    assert "script" not in str(
        change_update(update, html="<p>x</p>", translations={"en": "<p>x<script>y</script></p>"}).translations
    )
