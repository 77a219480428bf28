"""Names of character sets as mails write them, and what they mean."""

from __future__ import annotations

import codecs
import re

# What mails say → what they mean: supersets, vendor names, misspellings.
_MEANT = {
    "ansi_x3.4-1968": "us-ascii", "646": "us-ascii", "ascii": "us-ascii", "us-ascii": "us-ascii", "7bit": "us-ascii",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "iso8859-1": "cp1252", "iso_8859-1": "cp1252",
    "l1": "cp1252", "x-ansi": "cp1252", "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874",
    "iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8", "iso-8859-6-i": "iso-8859-6",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "gb_2312-80": "gb18030",
    "hz-gb-2312": "hz", "big5": "cp950", "big5-hkscs": "big5hkscs", "x-x-big5": "cp950",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "ksc5601": "cp949", "euc-kr": "cp949", "ks_c_5601-1989": "cp949",
    "windows-949": "cp949", "x-windows-949": "cp949", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932",
    "sjis": "cp932", "windows-31j": "cp932", "ms_kanji": "cp932", "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-jp-1": "iso2022_jp_ext", "cp50220": "iso2022_jp_ext", "cp50221": "iso2022_jp_ext",
    "utf8": "utf-8", "utf_8": "utf-8", "utf-8mb4": "utf-8", "utf8mb4": "utf-8", "utf-8;": "utf-8", "unicode": "utf-8",
    "unicode-1-1-utf-7": "utf-7", "x-unicode-2-0-utf-7": "utf-7", "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman", "x-mac-cyrillic": "mac-cyrillic", "koi8": "koi8-r", "koi": "koi8-r", "cp-850": "cp850",
    "x-user-defined": "cp1252", "default": "utf-8", "unknown-8bit": "", "x-unknown": "", "unknown": "", "8bit": "",
    "binary": "", "none": "", "charset": "", "default_charset": "",
}  # fmt: skip


_NUMBERED = re.compile(
    r"(?:windows|win|cp|ms|x-cp|ibm)[-_ ]?(\d{3,5})(?:-\d+)?$|(?:iso)?[-_]?8859[-_](\d{1,2})$"
)


_NOT_TEXT = frozenset("base64 base64_codec bz2 bz2_codec hex hex_codec quopri quopri_codec rot13 rot_13 uu uu_codec "
                      "zlib zlib_codec idna punycode raw_unicode_escape unicode_escape undefined mbcs oem".split())  # fmt: skip


def codec_of(charset: str) -> str:
    """The Python codec for a character set as a mail names it, or "" if there is none."""
    name = charset.strip().strip("\"'").lower().replace(" ", "-")[:60]
    if name in _MEANT:
        return _MEANT[name]
    found = _NUMBERED.match(name)
    if found:
        name = f"cp{found[1]}" if found[1] else f"iso-8859-{found[2]}"
        name = {"cp65001": "utf-8", "cp28591": "cp1252", "cp936": "gb18030", "cp20127": "us-ascii"}.get(
            name, name
        )
        name = _MEANT.get(name, name)
    if not name or name.replace("-", "_") in _NOT_TEXT or not name.isascii() or "\0" in name:
        return ""
    try:
        codec = codecs.lookup(name)
        codecs.decode(b"", name)
    except (LookupError, ValueError, TypeError):
        return ""
    return codec.name
