"""Attachments of a ticket, previews that run nothing, and the library."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from zaguan.conversations.attachments import store
from zaguan.conversations.models import Attachment, LibraryItem, TicketItem
from zaguan.lib.pdf import render
from zaguan.people.models import Agent
from zaguan.testing.makers import make_message, make_ticket
from zaguan.testing.world import World
from zaguan.tickets.models import Ticket

SignIn = Callable[[Agent], Client]
HX = {"HX-Request": "true"}
DIALOG = {**HX, "HX-Target": "action-dialog"}


def _file(world: World, content: bytes, name: str, content_type: str = "") -> Attachment:
    message = make_message(make_ticket(world), world, has_files=True)
    return store(content, name, content_type, message=message)


def _look(client: Client, file: Attachment) -> str:
    answer = client.get(f"/desk/files/{file.public_id}/preview/", headers=DIALOG)
    assert answer.status_code == 200
    return answer.content.decode()


def _xlsx(parts: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return made.getvalue()


def test_html_and_svg_are_shown_as_their_text(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.ana)
    for name in ("página.html", "dibujo.svg"):
        shown = _look(client, _file(world, b"<script>alert('hola')</script>", name))
        assert "&lt;script&gt;alert" in shown
        assert "<script>alert" not in shown
        assert "<iframe" not in shown


def test_the_name_of_a_file_is_data(world: World, signed_in: SignIn) -> None:
    shown = _look(signed_in(world.ana), _file(world, b"x", '"><img src=x onerror=alert(1)>.txt'))
    assert "<img src=x" not in shown


def test_a_table_of_csv(world: World, signed_in: SignIn) -> None:
    shown = _look(signed_in(world.ana), _file(world, "Año;Precio\n2026;=1+1\n".encode("cp1252"), "t.csv"))
    assert '<th scope="col">Año</th>' in shown
    assert "<td>=1+1</td>" in shown


def test_a_table_of_xlsx(world: World, signed_in: SignIn) -> None:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>Precio</t></is></c></row>'
        '<row><c r="A2"><v>12.5</v></c><c r="B2"><f>1+1</f><v>2</v></c></row></sheetData></worksheet>'
    )
    parts = {
        "xl/worksheets/sheet1.xml": sheet,
        "xl/sharedStrings.xml": "<sst><si><t>Artí</t><t>culo</t></si></sst>",
    }
    shown = _look(signed_in(world.ana), _file(world, _xlsx(parts), "t.xlsx"))
    for cell in ("Artículo</th>", '<th scope="col"></th>', "Precio</th>", "<td>12.5</td>", "<td>2</td>"):
        assert cell in shown


BOMB = f"<worksheet><sheetData>{'<row><c><v>1</v></c></row>' * 1_300_000}</sheetData></worksheet>"
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/worksheets/sheet1.xml": ENTITIES},
        {"xl/worksheets/sheet1.xml": "<worksheet><row>"},
        {"other.xml": ""},
        {
            "xl/worksheets/sheet1.xml": "<worksheet/>",
            "xl/sharedStrings.xml": "<sst>" + "a" * (25 << 20) + "</sst>",
        },
    ],
)
def test_a_broken_or_wicked_archive_is_only_a_download(
    world: World, signed_in: SignIn, parts: dict[str, str]
) -> None:
    assert "<td>" not in _look(signed_in(world.ana), _file(world, _xlsx(parts), "t.xlsx"))


def test_of_an_endless_sheet_only_the_beginning_is_read(world: World, signed_in: SignIn) -> None:
    shown = _look(signed_in(world.ana), _file(world, _xlsx({"xl/worksheets/sheet1.xml": BOMB}), "t.xlsx"))
    assert shown.count("<tr>") == 200


def test_the_first_page_of_a_pdf_is_a_picture(world: World, signed_in: SignIn) -> None:
    pdf = render('#import "base.typ": *\n#show: sheet\n= Hola', {"title": "x", "language": "es"})
    client = signed_in(world.ana)
    file = _file(world, pdf, "hola.pdf", "application/pdf")
    assert f"/desk/files/{file.public_id}/page/" in _look(client, file)
    answer = client.get(f"/desk/files/{file.public_id}/page/")
    assert answer.content.startswith(b"\x89PNG")
    assert "sandbox" in answer["Content-Security-Policy"]
    broken = _file(world, b"%PDF-1.7 nothing", "roto.pdf")
    assert client.get(f"/desk/files/{broken.public_id}/page/").status_code == 404
    assert signed_in(world.cleo).get(f"/desk/files/{file.public_id}/page/").status_code == 404


def _hang(client: Client, ticket: Ticket, **fields: object) -> int:
    return client.post(f"/desk/tickets/{ticket.pk}/items/", fields, headers=HX).status_code


def test_files_links_and_items_hang_on_a_ticket(world: World, signed_in: SignIn) -> None:
    ticket, client, admin = make_ticket(world), signed_in(world.ana), signed_in(world.bo)
    made = {"file": SimpleUploadedFile("lista.txt", b"uno"), "folder": "Ventas"}
    assert admin.post("/desk/settings/library/new/", made).status_code == 302
    library = LibraryItem.objects.get()
    assert _hang(client, ticket, file=SimpleUploadedFile("foto.png", b"\x89PNG\r\n\x1a\n000")) == 204
    assert _hang(client, ticket, address="docs.example/x") == 204
    assert _hang(client, ticket, item=library.public_id) == 204
    assert _hang(client, ticket) == 422
    assert _hang(client, ticket, address="javascript:alert(1)") == 422
    page = client.get(f"/desk/tickets/{ticket.pk}/?tab=attachments").content.decode()
    for shown in ("foto.png", 'href="https://docs.example/x"', "lista.txt", "Ventas/lista.txt"):
        assert shown in page
    assert client.get(f"/desk/tickets/{ticket.pk}/tabs/").json()["attachments"] == 3
    item = TicketItem.objects.get(library_item=library)
    client.post(f"/desk/tickets/{ticket.pk}/items/{item.pk}/remove/")
    assert not TicketItem.objects.filter(pk=item.pk).exists()
    assert LibraryItem.objects.exists()


def test_only_who_may_keeps_the_library(world: World, signed_in: SignIn) -> None:
    assert signed_in(world.ana).get("/desk/settings/library/").status_code == 403
    admin = signed_in(world.bo)
    refused = admin.post("/desk/settings/library/new/", {"address": "ftp://x.example/", "name": "Algo"})
    assert refused.status_code == 200
    assert "Algo" in refused.content.decode()
    assert not LibraryItem.objects.exists()
    admin.post("/desk/settings/library/new/", {"address": "https://x.example/", "name": "Algo"})
    item = LibraryItem.objects.get()
    admin.post(f"/desk/settings/library/{item.public_id}/", {"do": "archive"})
    assert LibraryItem.objects.filter(archived_at=None).count() == 0
