"""Routes of the settings."""

from __future__ import annotations

from django.urls import URLPattern, path

from zaguan.desk.settings import (
    abilities,
    attributes,
    authorising,
    canned,
    capacities,
    chapters,
    inboxes,
    jobs,
    library,
    lists,
    macros,
    products,
    retention,
    roles,
    routing,
    staff,
    tags,
    templates,
    time,
    transitions,
    types,
    views,
)


def _list(name: str) -> list[URLPattern]:
    given = {"name": name}
    return [
        path(f"{name}/", lists.entries, given, name=f"settings-{name}"),
        path(f"{name}/new/", lists.edit_entry, given, name=f"new-{name}"),
        path(f"{name}/<int:entry_id>/", lists.edit_entry, given, name=f"edit-{name}"),
        path(f"{name}/<int:entry_id>/move/", lists.move_entry, given, name=f"move-{name}"),
    ]


urlpatterns: list[URLPattern] = [
    path("", chapters.index, name="settings"),
    path("inboxes/", inboxes.inboxes, name="settings-inboxes"),
    path("inboxes/new/", inboxes.edit_inbox, name="new-inbox"),
    path("inboxes/authorised/", authorising.authorised, name="inbox-authorised"),
    path("inboxes/<str:public_id>/", inboxes.edit_inbox, name="edit-inbox"),
    path("inboxes/<str:public_id>/authorise/", authorising.authorise, name="authorise-inbox"),
    path("inboxes/<str:public_id>/switch/", inboxes.switch_inbox, name="switch-inbox"),
    path("agents/", staff.agents, name="settings-agents"),
    path("agents/new/", staff.edit_agent, name="new-agent"),
    path("agents/<int:agent_id>/", staff.edit_agent, name="edit-agent"),
    path("teams/", staff.teams, name="settings-teams"),
    path("teams/new/", staff.edit_team, name="new-team"),
    path("teams/<int:team_id>/", staff.edit_team, name="edit-team"),
    path("distribution/", routing.routes, name="settings-distribution"),
    path("distribution/new/", routing.edit_route, name="new-route"),
    path("distribution/<int:route_id>/", routing.edit_route, name="edit-route"),
    path("skills/", abilities.skills, name="settings-skills"),
    path("skills/new/", abilities.edit_skill, name="new-skill"),
    path("skills/<int:skill_id>/", abilities.edit_skill, name="edit-skill"),
    path("capacity/", capacities.capacities, name="settings-capacity"),
    path("capacity/<int:agent_id>/", capacities.edit_abilities, name="edit-abilities"),
    path("roles/", roles.roles, name="settings-roles"),
    path("roles/new/", roles.edit_role, name="new-role"),
    path("roles/<int:role_id>/", roles.edit_role, name="edit-role"),
    path("tags/", tags.tags, name="settings-tags"),
    path("tags/<int:tag_id>/", tags.change_tag, name="change-tag"),
    path("library/", library.items, name="settings-library"),
    path("library/new/", library.edit_item, name="new-library-item"),
    path("library/<str:public_id>/", library.edit_item, name="edit-library-item"),
    path("types/", types.types, name="settings-types"),
    path("types/new/", types.edit_type, name="new-types"),
    path("types/<int:type_id>/", types.edit_type, name="edit-types"),
    path("types/<int:type_id>/move/", types.move_type, name="move-types"),
    path("types/<int:type_id>/attributes/new/", attributes.edit_attribute, name="new-attribute"),
    path("types/<int:type_id>/attributes/move/", attributes.move_attribute, name="move-attribute"),
    path(
        "types/<int:type_id>/attributes/<int:attribute_id>/", attributes.edit_attribute, name="edit-attribute"
    ),
    path("fields/<str:subject>/new/", attributes.edit_people_field, name="new-people-field"),
    path("fields/<str:subject>/move/", attributes.move_people_field, name="move-people-field"),
    path("fields/<str:subject>/<int:attribute_id>/", attributes.edit_people_field, name="edit-people-field"),
    path("fields/contact/", attributes.people_fields, {"subject": "contact"}, name="settings-contact-fields"),
    path(
        "fields/organisation/",
        attributes.people_fields,
        {"subject": "organisation"},
        name="settings-organisation-fields",
    ),
    path("transitions/", transitions.matrix, name="settings-transitions"),
    path("transitions/<int:status_id>/", transitions.entering, name="edit-transitions"),
    path("transitions/<int:status_id>/from/", transitions.edit_way, name="edit-way-from-any"),
    path("transitions/<int:status_id>/from/<int:source_id>/", transitions.edit_way, name="edit-way"),
    path("rules/", tags.rules, name="settings-rules"),
    path("retention/", retention.retention, name="settings-retention"),
    path("jobs/", jobs.jobs, name="settings-jobs"),
    path("jobs/<int:job_id>/", jobs.change_job, name="change-job"),
    path("macros/", macros.macros, name="settings-macros"),
    path("macros/order/", macros.order_macros, name="order-macros"),
    path("macros/new/", macros.edit_macro, name="new-macro"),
    path("macros/<int:macro_id>/", macros.edit_macro, name="edit-macro"),
    path("macros/<int:macro_id>/move/", macros.move_macro, name="move-macro"),
    path("canned/", canned.canned_messages, name="settings-canned"),
    path("canned/new/", canned.edit_canned, name="new-canned"),
    path("canned/<int:canned_id>/", canned.edit_canned, name="edit-canned"),
    path("templates/", templates.templates, name="settings-templates"),
    path("templates/<int:template_id>/", templates.change, name="change-template"),
    path("views/", views.views, name="settings-views"),
    path("views/new/", views.edit_view, name="new-view"),
    path("views/<int:view_id>/", views.edit_view, name="edit-view"),
]
for listed in dict.fromkeys((*lists.KINDS, *time.LISTS, *products.LISTS)):
    urlpatterns += _list(listed)
