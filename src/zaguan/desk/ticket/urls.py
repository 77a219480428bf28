"""Routes of the ticket's page and what is done on it."""

from __future__ import annotations

from django.urls import URLPattern, path

from zaguan.desk.ticket import (
    beginning,
    changing,
    chatting,
    composing,
    creating,
    drafts,
    fields,
    files,
    hanging,
    looking,
    messages,
    page,
    parties,
    people,
    previewing,
    previous,
    sent,
    suggesting,
    tab_counts,
)
from zaguan.desk.ticket.tabs import load_tabs

load_tabs()

_TICKET = "tickets/<int:number>/"

urlpatterns: list[URLPattern] = [
    path(_TICKET, page.ticket_page, name="ticket"),
    path("tickets/new/", creating.new_ticket, name="new-ticket"),
    path("tickets/new/draft/", beginning.new_draft, name="new-draft"),
    path("tickets/new/forget/", beginning.forget_draft, name="forget-draft"),
    path(f"{_TICKET}tabs/", tab_counts.counts, name="tab-counts"),
    path(f"{_TICKET}parties/", parties.add, name="add-party"),
    path(f"{_TICKET}parties/<int:pk>/", parties.change, name="change-party"),
    path(f"{_TICKET}follow/", parties.following, name="follow"),
    path(f"{_TICKET}transfer/", parties.transfer, name="transfer"),
    path(f"{_TICKET}items/", hanging.hang, name="hang-item"),
    path(f"{_TICKET}items/<int:pk>/remove/", hanging.remove, name="take-down-item"),
    path(f"{_TICKET}chat/", chatting.chat, name="chat"),
    path("involved/", parties.suggestions, name="party-suggestions"),
    path(f"{_TICKET}earlier/", page.earlier, name="ticket-earlier"),
    path(f"{_TICKET}reply/", composing.reply, name="reply"),
    path(f"{_TICKET}note/", composing.note, name="note"),
    path(f"{_TICKET}draft/", drafts.draft, name="draft"),
    path(f"{_TICKET}recipients/", drafts.recipients, name="recipients"),
    path(f"{_TICKET}mentions/", drafts.mentions, name="mentions-of"),
    path(f"{_TICKET}status/", changing.status, name="set-status"),
    path(f"{_TICKET}snooze/", changing.snooze, name="snooze"),
    path(f"{_TICKET}assignee/", changing.assignee, name="assign"),
    path(f"{_TICKET}team/", changing.team, name="set-team"),
    path(f"{_TICKET}fields/", fields.fields, name="edit-fields"),
    path(f"{_TICKET}tags/", fields.tags, name="set-tags"),
    path(f"{_TICKET}copies/", fields.copies, name="set-copies"),
    path(f"{_TICKET}seen/", looking.seen, name="seen"),
    path(f"{_TICKET}unread/", looking.unread, name="unread"),
    path(f"{_TICKET}previous/", previous.previous, name="previous-tickets"),
    path(f"{_TICKET}files/", files.files_of, name="files-of"),
    path("messages/<int:pk>/", messages.message_page, name="message"),
    path("messages/<int:pk>/body/", messages.body, name="message-body"),
    path("messages/<int:pk>/original/", messages.original, name="message-original"),
    path("messages/<int:pk>/withdraw/", sent.withdraw, name="withdraw"),
    path("deliveries/<int:pk>/retry/", sent.retry, name="retry"),
    path("identities/<int:pk>/clear/", people.clear, name="clear-bounce"),
    path("files/", files.upload, name="upload"),
    path("files/<str:public_id>/", files.download, name="attachment"),
    path("files/<str:public_id>/preview/", previewing.preview, name="preview"),
    path("files/<str:public_id>/page/", previewing.first_page, name="first-page"),
    path("framed/<str:token>/", files.framed, name="framed-picture"),
    path("tags/", suggesting.tags, name="tag-suggestions"),
    path("requesters/", suggesting.requesters, name="requester-suggestions"),
    path("colleagues/", suggesting.colleagues, name="colleague-suggestions"),
    path("addresses/", suggesting.addresses, name="address-suggestions"),
]
