"""HTML from outside is shown without running or loading anything; HTML of agents is never replaced."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from zaguan.lib.html import (
    RESIZE_SCRIPT_HASH,
    Budget,
    UnsafeHtml,
    clean,
    clean_outgoing,
    frame_csp,
    frame_document,
    html_of_text,
    text_of,
    with_images,
)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p onclick=x()>a</p>", "<p>a</p>"),
        ("<script>x</script>a", "a"),
        ("<p style='position:fixed;color:red'>a</p>", '<p style="color:red">a</p>'),
        ("<p style='color:expression(x)'>a</p>", "<p>a</p>"),
        ("<p style='color:url(http://x.example)'>a</p>", "<p>a</p>"),
        ("<p style='color:rgb(1,2,3)'>a</p>", '<p style="color:rgb(1, 2, 3)">a</p>'),
        ("<table bgcolor=red><tr><td colspan=2>a</td></tr></table>", '<table bgcolor="red"><tbody><tr><td colspan="2">a</td></tr></tbody></table>'),
        ("<font color=red face=Arial>a</font>", '<font color="red" face="Arial">a</font>'),
        ("<img src=javascript:x()>", "<img>"),
        ("<img src=/logo.png>", "<img>"),
        ("<svg><title>a</title></svg>b", "b"),
        ("<iframe src=x></iframe>a", "a"),
        ("<div class='otra' id='otra'>a</div>", "<div>a</div>"),
        ("a &lt;b&gt; &amp; c", "a &lt;b&gt; &amp; c"),
        ("", ""),
    ],
)  # fmt: skip
def test_only_what_is_allowed_remains(html: str, expected: str) -> None:
    assert clean(html).html == expected


@pytest.mark.parametrize(
    "address",
    [
        "javascript:x()",
        "java\nscript:x()",
        "data:text/html,x",
        "vbscript:x",
        "//x.example",
        "file:///x",
        "JaVaScRiPt:x",
    ],
)
def test_links_lead_only_where_people_mean(address: str) -> None:
    assert "href" not in clean(f'<a href="{address}">a</a>').html


@pytest.mark.parametrize(
    "address", ["https://x.example/a?b=1", "http://x.example", "mailto:a@x.example", "tel:+34600"]
)
def test_good_links_open_beside_and_tell_nothing(address: str) -> None:
    cleaned = clean(f'<a href="{address}">a</a>')
    assert cleaned.links == (address,)
    assert 'rel="noopener noreferrer nofollow"' in cleaned.html
    assert 'target="_blank"' in cleaned.html


def test_remote_images_do_not_load() -> None:
    cleaned = clean(
        '<img src="HTTP://x.example/a.png" srcset="http://x.example/b.png"><p background="http://x.example/c">a</p>'
    )
    assert cleaned.has_remote_content
    assert not re.search(r"\s(?:src|srcset|background)=", cleaned.html)


def test_inline_images_are_matched_whatever_their_form() -> None:
    cleaned = clean(
        '<img src="CID:Foto%401"><img src=" cid:<foto@1> "><img src=cid:otra>', cids={"foto@1": "Foto@1"}
    )
    assert cleaned.cids == {"Foto@1"}
    assert cleaned.html.count('src="cid:Foto@1"') == 2
    assert "otra" not in cleaned.html


def test_inline_images_get_their_address() -> None:
    html = clean('<img src="cid:a@1"><img src="cid:b@1">&lt;img src="cid:a@1"').html
    shown = with_images(html, {"a@1": "/files/1?x=1&y=2"})
    assert '<img src="/files/1?x=1&amp;y=2">' in shown
    assert "b@1" not in shown
    assert '&lt;img src="cid:a@1"' in shown


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<br>b<p>c</p><p>d</p>", "a\nb\n\nc\n\nd"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ('<a href="https://x.example/a">aquí</a>', "aquí (https://x.example/a)"),
        ('<a href="https://x.example">x.example</a>', "x.example"),
        ("<blockquote>a<br>b</blockquote>c", "> a\n> b\nc"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a&nbsp;&amp;   b\n c", "a & b c"),
        ("<style>p{}</style><title>t</title>a", "a"),
        ('<img alt="Foto">', "[Foto]"),
    ],
)
def test_html_becomes_readable_text(html: str, text: str) -> None:
    assert text_of(html) == text


def test_text_becomes_html_with_links() -> None:
    html = html_of_text('a <b>\n"c" https://x.example/a?b=1&c=2.')
    assert "a &lt;b&gt;\n" in html
    assert '<a href="https://x.example/a?b=1&amp;c=2"' in html
    assert html.endswith("</a>.</div>")


def test_too_much_is_shown_as_text() -> None:
    cleaned = clean("<p>uno</p><b>dos</b>" * 50, budget=Budget(chars=100, small=10))
    assert cleaned.truncated
    assert cleaned.text.startswith("uno\ndos")
    assert "<b>" not in cleaned.html


def test_deep_nesting_is_flattened_without_losing_words() -> None:
    cleaned = clean("<div>" * 5_000 + "hondo" + "</div>" * 5_000 + "<p>fin</p>")
    assert cleaned.html.count("<div") <= 250
    assert cleaned.text.split() == ["hondo", "fin"]


def test_nothing_can_run_in_the_frame_but_our_own_script() -> None:
    document = frame_document("<p>a</p>")
    scripts = re.findall(r"<script>(.*?)</script>", document, re.DOTALL)
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"sha256-{digest}" == RESIZE_SCRIPT_HASH
    policy = frame_csp()
    assert policy.startswith("default-src 'none'")
    assert f"script-src '{RESIZE_SCRIPT_HASH}'" in policy
    assert "https:" not in policy
    assert "https:" in frame_csp(load_remote=True)


def test_remote_images_load_when_asked_for() -> None:
    html = clean('<img src="http://x.example/a.png">').html
    assert " src=" not in frame_document(html).partition("zg-mail")[2].partition("<script>")[0]
    assert 'src="https://x.example/a.png"' in frame_document(html, load_remote=True)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a <b>b</b></p>", "<p>a <b>b</b></p>"),
        (
            '<a href="https://x.example" onclick=x()>a</a>',
            '<a href="https://x.example" rel="noopener noreferrer">a</a>',
        ),
        ('<p style="color:red" class=x>a</p>', "<p>a</p>"),
        (
            '<img src="cid:a@1"><img src="/files/1"><img src="http://x.example/a">',
            '<img src="cid:a@1"><img src="/files/1">',
        ),
        ("<script>x</script><p>a &lt; b</p>", "<p>a &lt; b</p>"),
    ],
)
def test_what_agents_write_is_cleaned_strictly(html: str, expected: str) -> None:
    assert clean_outgoing(html, own_images={"/files/1"}) == expected


def test_what_agents_write_is_refused_rather_than_replaced() -> None:
    with pytest.raises(UnsafeHtml):
        clean_outgoing("<p>a</p>" * 600_000)
