"""Saved views: whose they are, and who may change them."""

from __future__ import annotations

import pytest

from zaguan.lib.errors import Refused
from zaguan.testing.world import World
from zaguan.tickets.models import View
from zaguan.tickets.views import change_view, delete_view, rename_view, reorder_views, save_view

pytestmark = pytest.mark.django_db


def test_own_views_need_no_permission_and_nobody_else_sees_them(world: World) -> None:
    view = save_view(world.ana, "  Mis   cosas ", "assignee:me", by=world.ana)
    assert view.name == "Mis cosas"
    assert list(View.objects.visible_to(world.ana)) == [view]
    assert not View.objects.visible_to(world.cleo).exists()
    rename_view(world.ana, view, "Lo mío", by=world.ana)
    view.refresh_from_db()
    assert view.name == "Lo mío"
    with pytest.raises(Refused):
        rename_view(world.bo, view, "Robado", by=world.bo)
    delete_view(world.ana, view, by=world.ana)
    assert not View.objects.exists()


def test_sharing_needs_the_permission(world: World) -> None:
    for options in ({"everybody": True}, {"team": world.support}):
        with pytest.raises(Refused):
            save_view(world.ana, "Todas", "is:open", by=world.ana, **options)
    team = save_view(world.bo, "Del equipo", "is:open", team=world.support, by=world.bo)
    for_all = save_view(world.bo, "De todos", "is:new", everybody=True, by=world.bo)
    assert set(View.objects.visible_to(world.ana)) == {team, for_all}
    assert list(View.objects.visible_to(world.cleo)) == [for_all]
    with pytest.raises(Refused):
        delete_view(world.ana, for_all, by=world.ana)
    world.ana.role.permissions.append("tickets.share_views")
    with pytest.raises(Refused):
        save_view(world.ana, "Ajena", "is:open", team=world.sales, by=world.ana)


@pytest.mark.parametrize(
    ("name", "query", "order", "field"),
    [("", "", "active", "name"), ("x" * 81, "", "active", "name"), ("a", "estdo:x", "active", "query"),
     ("a", "x" * 501, "active", "query"), ("a", "", "upwards", "order")],
)  # fmt: skip
def test_what_cannot_be_saved(world: World, name: str, query: str, order: str, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        save_view(world.ana, name, query, order=order, by=world.ana)
    assert refusal.value.field == field


def test_order_is_kept(world: World) -> None:
    views = [save_view(world.ana, name, "", by=world.ana) for name in "abc"]
    reorder_views(world.ana, [views[2].pk, views[0].pk, views[1].pk], by=world.ana)
    assert [view.name for view in View.objects.visible_to(world.ana)] == ["c", "a", "b"]
    reorder_views(world.cleo, [views[0].pk], by=world.cleo)
    assert [view.name for view in View.objects.visible_to(world.ana)] == ["c", "a", "b"]
    change_view(world.ana, views[0], by=world.ana, query="is:open", order="waiting")
    views[0].refresh_from_db()
    assert (views[0].query, views[0].order) == ("is:open", "waiting")
