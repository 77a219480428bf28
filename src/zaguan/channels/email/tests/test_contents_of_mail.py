"""Texts, character sets, parts and files, however they are built (A12-A15, C1-C38)."""

from __future__ import annotations

import pytest

from zaguan.channels.email import notes
from zaguan.channels.email.parsing import parse
from zaguan.channels.email.tests.reading import MAILS, read

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("A12-mixed-line-ends", "uno\ndos\ntres"),
        ("A14-nul-bytes", "antesdespués"),
        ("A15-bare-cr", "uno\ndos"),
        ("C01-no-content-type", "Qué tal, señora"),
        ("C02-no-charset-utf8", "blåbærsyltetøy"),
        ("C03-unknown-charset", "señal"),
        ("C03-misspelt-charset", "precio: 5 €"),
        ("C04-gb2312-with-more", "你好 – 谢谢"),
        ("C04-says-utf8-is-latin1", "Adiós, señor Muñoz"),
        ("C04-says-latin1-is-utf8", "Adiós, señor"),
        ("C05-iso-2022-jp", "こんにちは"),
        ("C07-utf7", "mañana"),
        ("C07-utf16", "mañana"),
        ("C08-broken-base64", "Hola, qué tal"),
        ("C08-soft-break-in-character", "mañana =ZZ fin"),
        ("C09-uuencode", "Va el fichero:\n\n\n\nGracias"),
        ("C10-missing-boundary", "Solo texto suelto"),
        ("C10-no-closing-boundary", "Hola"),
        ("C11-empty-text-part", "Hola mundo"),
        ("C11-html-first", "Hola plano"),
        ("C12-apple-mixed-in-alternative", "Uno\n\nDos"),
        ("C26-flowed", "Una frase que sigue aqui.\n> cita que sigue\nUna linea con sangria\n-- \nAna"),
        ("C27-br-only", "Hola\nuno\ndos\n\nfin"),
        ("C38-emoji", "👍🏽"),
    ],
)
def test_the_text_is_what_was_meant(name: str, text: str) -> None:
    assert read(name).text.strip() == text


def test_a_charset_that_is_not_true_is_told() -> None:
    assert notes.WRONG_CHARSET in read("C04-says-utf8-is-latin1").warnings
    assert notes.WRONG_CHARSET not in read("C02-no-charset-utf8").warnings


def test_a_long_line_is_kept() -> None:
    assert len(read("A13-long-line").text) > 3_000


def test_too_deep_nesting_is_told_and_bounded() -> None:
    mail = read("C10-nested-100")
    assert notes.TOO_MANY_PARTS in mail.warnings


def test_files_in_text_become_files() -> None:
    (file,) = read("C09-uuencode").files
    assert (file.name, file.content) == ("nota.txt", b"hola\n")


@pytest.mark.parametrize("name", ["C12-related", "C13-inline-without-disposition", "C15-blanks-in-cid"])
def test_images_that_are_shown_are_inline(name: str) -> None:
    mail = read(name)
    assert [(file.name, file.inline) for file in mail.files] == [("foto.png", True)]
    assert 'src="cid:foto@1"' in mail.html


def test_an_image_that_is_not_shown_stays_an_attachment() -> None:
    (file,) = read("C14-unreferenced-content-id").files
    assert not file.inline


def test_of_two_images_with_one_id_the_first_is_shown() -> None:
    mail = read("C16-cid-case-and-percent")
    assert [file.inline for file in mail.files] == [True, False]
    assert 'src="cid:foto@1"' in mail.html


def test_an_image_inside_the_html_becomes_an_inline_file() -> None:
    mail = read("C17-data-image")
    (file,) = mail.files
    assert file.inline
    assert file.content.startswith(PNG)
    assert f'src="cid:{file.content_id}"' in mail.html
    assert "data:" not in mail.html


def test_files_between_texts_are_kept() -> None:
    assert [file.name for file in read("C12-apple-mixed-in-alternative").files] == ["factura.pdf"]
    assert [file.name for file in read("C10-no-closing-boundary").files] == ["a.pdf"]


def test_a_mail_inside_is_a_file_named_by_its_subject() -> None:
    (file,) = read("C18-forwarded-as-file").files
    assert (file.name, file.content_type) == ("Tema _ interior.eml", "message/rfc822")
    assert file.content.startswith(b"From: Otro")


def test_an_invitation_alone_is_told_in_words() -> None:
    mail = read("C20-invite")
    assert [file.name for file in mail.files] == ["invite.ics"]
    for part in (
        "Revisión del pedido",
        "2025-03-10 09:00 Europe/Madrid",
        "Sala 2, planta baja",
        "Ana Ruiz <ana@cliente.example>",
    ):
        assert part in mail.text


def test_file_names_are_decoded_and_harmless() -> None:
    assert [file.name for file in read("C21-name-rfc2231").files] == ["año dos.pdf"]
    assert [file.name for file in read("C21-name-rfc2047").files] == ["factura_año.pdf"]
    names = [file.name for file in read("C21-nasty-names").files]
    assert names[:4] == ["passwd", "nota.txt", "htaccess", "informefdp.exe"]
    assert names[4].endswith(".pdf")
    assert len(names[4]) <= 200
    assert names[5]
    assert names[6:] == ["_con.txt", "a_b.txt"]


def test_wrong_types_are_put_right() -> None:
    assert [file.content_type for file in read("C22-wrong-type").files] == ["application/pdf", "image/png"]


def test_signatures_and_encrypted_parts_are_kept() -> None:
    signed, secret = read("C23-signed"), read("C23-encrypted")
    assert (signed.text, [file.name for file in signed.files]) == ("Firmado", ["signature.asc"])
    assert notes.ENCRYPTED in secret.warnings
    assert len(secret.files) == 2


def test_parts_that_point_elsewhere_are_only_kept() -> None:
    kinds = [file.content_type for file in read("C25-external-body").files]
    assert kinds == ["message/external-body", "message/partial"]


def test_office_comments_cut_nothing() -> None:
    text = read("C28-conditional-comments").text
    assert text.split() == ["antes", "en", "medio", "tambien", "fin"]


def test_hostile_html_is_harmless() -> None:
    html = read("C32-hostile-html").html
    for part in (
        "<base",
        "<meta",
        "<style",
        "<form",
        "<svg",
        "<math",
        "javascript",
        "onclick",
        "url(",
        "position",
        "<link",
    ):
        assert part not in html
    assert "color:red" in html
    assert "hola" in html


def test_remote_images_wait_to_be_asked_for() -> None:
    mail = read("C33-tracking-pixel")
    assert mail.has_remote_content
    assert " src=" not in mail.html
    assert 'data-remote-src="https://seguimiento.example/p.gif"' in mail.html


def test_a_mail_that_is_only_an_image_is_a_file() -> None:
    mail = read("C36-only-image")
    assert (mail.text, [file.name for file in mail.files]) == ("", ["foto.png"])


def test_every_file_of_these_mails_has_a_name_that_can_be_saved() -> None:
    for path in sorted(MAILS.glob("*.eml")):
        for file in parse(path.read_bytes()).files:
            assert file.name
            assert not set(file.name) & set('/\\<>:"|?*\x00')


@pytest.mark.parametrize("end", [b"\r\n", b"\r"])
def test_line_ends_change_nothing(end: bytes) -> None:
    name = "C12-related"
    raw = (MAILS / f"{name}.eml").read_bytes().replace(b"\n", end)
    mail = parse(raw)
    assert (mail.text, mail.subject, mail.html) == (read(name).text, read(name).subject, read(name).html)
    assert [file.content for file in mail.files] == [file.content for file in read(name).files]
