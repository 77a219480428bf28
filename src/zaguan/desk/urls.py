"""Every route of the desk."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from zaguan.desk import (
    account,
    availability,
    board,
    bulk,
    failed_mail,
    inbox,
    live,
    next_ticket,
    own_keys,
    prints,
    runs,
    search,
    signing_in,
    table,
)

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    # Patterns are tried one after the other: what is asked most stands first.
    path("views/<str:key>/", inbox.view, name="view"),
    path("counts/", inbox.view_counts, name="counts"),
    path("", include("zaguan.desk.ticket.urls")),
    path("", inbox.inbox, name="inbox"),
    path("views/<str:key>/board/", board.board, name="view-board"),
    path("views/<str:key>/table/", table.table, name="view-table"),
    path("views/<str:key>/columns/", table.choose_columns, name="choose-columns"),
    path("views/<str:key>/export.<str:kind>", table.export_view, name="export-view"),
    path("live/", live.live, name="live"),
    path("next/", next_ticket.next_ticket, name="next"),
    path("availability/", availability.availability, name="availability"),
    path("alive/", availability.alive, name="alive"),
    path("tickets/<int:number>/presence", live.at_ticket, name="presence"),
    path("bulk/", bulk.change_many, name="bulk"),
    path("bulk/more/", bulk.more, name="bulk-more"),
    path("bulk/count/", bulk.count, name="bulk-count"),
    path("bulk/pdf/", prints.choose, name="choose-prints"),
    path("prints/<str:public_id>/", prints.prints, name="prints"),
    path("prints/<str:public_id>/stop/", prints.stop, name="stop-prints"),
    path("prints/<str:public_id>/tickets.zip", prints.fetch, name="prints-file"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/undo/", runs.undo, name="undo-run"),
    path("runs/<int:pk>/stop/", runs.stop, name="stop-run"),
    path("search/", search.search, name="search"),
    path("search/quick/", search.quick_search, name="quick-search"),
    path("", include("zaguan.desk.work_urls")),
    path("", include("zaguan.desk.notification_urls")),
    path("", include("zaguan.desk.people.urls")),
    path("settings/", include("zaguan.desk.settings.urls")),
    path("profile/", account.profile, name="profile"),
    path("profile/keys/", own_keys.own_keys, name="own-keys"),
    path("profile/password/", account.password, name="password"),
    path("profile/tokens/", account.add_token, name="add-token"),
    path("profile/tokens/<int:token_id>/end/", account.end_token, name="end-token"),
    path("failed-mail/", failed_mail.failed_mail, name="failed-mail"),
    path("failed-mail/all/", failed_mail.process_all_again, name="process-all-again"),
    path("failed-mail/<int:raw_id>/", failed_mail.process_again, name="process-again"),
    path("failed-mail/<int:raw_id>/mail.eml", failed_mail.raw_file, name="raw-file"),
    path("deliveries/<int:delivery_id>/again/", failed_mail.send_again, name="send-again"),
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
]
