"""Routes of contacts and organisations."""

from __future__ import annotations

from django.urls import URLPattern, path

from zaguan.desk.people import contact, lists, merging, organisation, planning, profile

urlpatterns: list[URLPattern] = [
    path("people/", lists.people, name="people"),
    path("people/new/", contact.new_contact, name="new-contact"),
    path("people/<str:public_id>/", contact.contact, name="contact"),
    path("people/<str:public_id>/edit/", contact.edit_contact, name="edit-contact"),
    path("people/<str:public_id>/addresses/", contact.add_address, name="add-address"),
    path(
        "people/<str:public_id>/addresses/<int:identity_id>/", contact.change_address, name="change-address"
    ),
    path("people/<str:public_id>/profile/", profile.contact_profile, name="contact-profile"),
    path("people/<str:public_id>/activities/new/", planning.plan_with_contact, name="plan-with-contact"),
    path("people/<str:public_id>/block/", contact.block_contact, name="block-contact"),
    path("people/<str:public_id>/merge/", merging.merge_contact, name="merge-contact"),
    path("merged-contacts/<int:pk>/undo/", merging.separate_contact, name="separate-contact"),
    path("organisations/", lists.organisations, name="organisations"),
    path("organisations/new/", organisation.edit_organisation, name="new-organisation"),
    path("organisations/<str:public_id>/", organisation.organisation, name="organisation"),
    path(
        "organisations/<str:public_id>/activities/new/",
        planning.plan_with_organisation,
        name="plan-with-organisation",
    ),
    path("activities/<int:pk>/", planning.activity, name="activity"),
    path("organisations/<str:public_id>/profile/", profile.organisation_profile, name="organisation-profile"),
    path("organisations/<str:public_id>/edit/", organisation.edit_organisation, name="edit-organisation"),
]
