"""Which tags, attributes and style properties mail from outside may keep."""

from __future__ import annotations

import nh3

TAGS = frozenset(
    "a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup "
    "dd del details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins "
    "kbd label li main mark menu nav ol p pre q rp rt ruby s samp section small span strike strong sub "
    "summary sup table tbody td tfoot th thead time tr tt u ul var wbr".split()
)
# Dropped together with what is inside.
_DROPPED = frozenset(
    "script style svg math title template iframe object embed applet noembed noframes xml audio video canvas "
    "select datalist textarea".split()
)
_SIDES = ("top", "right", "bottom", "left")
# Nothing here takes a URL or leaves its place in the text: no position, background-image, content, cursor …
STYLES = frozenset(
    "background-color border border-collapse border-color border-radius border-spacing border-style "
    "border-width caption-side clear color direction display empty-cells float font font-family font-size "
    "font-style font-variant font-weight height letter-spacing line-height list-style-type margin max-width "
    "min-width padding table-layout text-align text-decoration text-indent text-transform unicode-bidi "
    "vertical-align white-space width word-break word-spacing word-wrap overflow-wrap".split()
    + [f"{box}-{side}" for box in ("border", "margin", "padding") for side in _SIDES]
    + [f"border-{side}-{part}" for side in _SIDES for part in ("color", "style", "width")]
)
_CELL = {"align", "valign", "bgcolor", "width", "height", "colspan", "rowspan", "nowrap"}
_ATTRIBUTES = {
    "*": {"style", "dir", "lang", "title", "align"},
    "a": {"href", "name"},
    "img": {"src", "alt", "width", "height", "border", "hspace", "vspace"},
    "table": {"width", "height", "border", "cellpadding", "cellspacing", "bgcolor", "summary"},
    "td": _CELL | {"headers", "scope"},
    "th": _CELL | {"headers", "scope"},
    "tr": {"valign", "bgcolor", "height"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "font": {"color", "face", "size"},
    "ol": {"start", "type", "reversed"},
    "ul": {"type"},
    "li": {"value", "type"},
    "hr": {"width", "size", "color", "noshade"},
    "br": {"clear"},
    "time": {"datetime"},
    "q": {"cite"},
}
# By these a mail program says which part is quoted, forwarded or a signature; nothing else has a class or id.
_CLASSES = {
    "div": {
        "gmail_quote", "gmail_quote_container", "gmail_attr", "gmail_extra", "gmail_signature",
        "yahoo_quoted", "moz-cite-prefix", "moz-forward-container", "moz-signature", "protonmail_quote",
        "protonmail_signature_block", "zmail_extra", "zmail_extra_hr", "tutanota_quote", "cite_prefix",
        "ms-outlook-mobile-reference-message", "ms-outlook-mobile-signature", "email-quote", "front-blockquote",
        "WordSection1", "sh-signature", "fastmail_quote", "x_gmail_quote", "x_moz-cite-prefix",
    },
    "blockquote": {
        "gmail_quote", "protonmail_quote", "iosymail", "mori", "tutanota_quote", "spark_quote", "zmail_extra",
        "crmScope", "reply", "x_gmail_quote",
    },
    "span": {"gmail_signature_prefix", "moz-txt-citetags", "HOEnZb"},
    "pre": {"moz-signature"},
    "table": {"moz-email-headers-table"},
    "font": {"HOEnZb"},
}  # fmt: skip
_BLOCK_IDS = {
    "divRplyFwdMsg", "x_divRplyFwdMsg", "appendonsend", "x_appendonsend", "OLK_SRC_BODY_SECTION", "reply-intro",
    "mail-editor-reference-message-container", "Signature", "signature", "AppleMailSignature", "replySplit",
    "lineBreakAtBeginningOfSignature", "ms-outlook-mobile-signature", "isForwardContent", "isReplyContent",
    "yahoo_quoted", "qt", "sig", "_rc_sig", "ymail_android_signature", "zwchr", "stopSpelling",
    "lastReplyBody", "history", "editbody1",
}  # fmt: skip
_MARKS = {
    "blockquote": {"type": {"cite"}, "id": {"qt", "replyBlockquote", "isReplyContent"}},
    "div": {"id": _BLOCK_IDS},
    "span": {"id": _BLOCK_IDS},
    "hr": {"id": {"zwchr", "stopSpelling", "replySplit"}},
    "p": {"id": {"reply-intro"}},
    "a": {"id": {"ymail_android_signature"}},
}

CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=_DROPPED,
    attributes=_ATTRIBUTES,
    allowed_classes=_CLASSES,
    tag_attribute_values=_MARKS,
    set_tag_attribute_values={"a": {"target": "_blank"}},
    link_rel="noopener noreferrer nofollow",
    url_schemes={"http", "https", "mailto", "tel", "cid"},
    url_relative="deny",
    filter_style_properties=STYLES,
)
