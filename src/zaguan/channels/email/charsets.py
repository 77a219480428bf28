"""Bytes to text, whatever character set the mail claims."""

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
_NUMBERED = re.compile(r"(?:windows|win|cp|ms|x-cp|ibm)[-_ ]?(\d{3,5})(?:-\d+)?$|(?:iso)?[-_]?8859[-_](\d{1,2})$")
_NOT_TEXT = frozenset("base64 base64_codec bz2 bz2_codec hex hex_codec quopri quopri_codec rot13 rot_13 uu uu_codec "
                      "zlib zlib_codec idna punycode raw_unicode_escape unicode_escape undefined mbcs oem".split())  # fmt: skip
_WESTERN = frozenset({"us-ascii", "cp1252", "iso-8859-15", "cp1254", "cp850"})
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]|\r(?!\n)")
_SAMPLE = 16_384


def codec_of(charset: str) -> str:
    """The Python codec for a character set as a mail names it, or "" if there is none."""
    name = charset.strip().strip("\"'").lower().replace(" ", "-")[:60]
    if name in _MEANT:
        return _MEANT[name]
    found = _NUMBERED.match(name)
    if found:
        name = f"cp{found[1]}" if found[1] else f"iso-8859-{found[2]}"
        name = {"cp65001": "utf-8", "cp28591": "cp1252", "cp936": "gb18030", "cp20127": "us-ascii"}.get(name, name)
        name = _MEANT.get(name, name)
    if not name or name.replace("-", "_") in _NOT_TEXT or not name.isascii() or "\0" in name:
        return ""
    try:
        codec = codecs.lookup(name)
        codecs.decode(b"", name)
    except (LookupError, ValueError, TypeError):
        return ""
    return codec.name


def decode(data: bytes, charset: str = "") -> tuple[str, bool]:
    """The text, and whether it may be wrong: the stated character set did not fit or was not known."""
    if data.isascii() and b"\x1b" not in data and charset.lower()[:5] not in ("utf-7", "utf-1", "utf-3", "hz-gb"):
        if b"\x00" not in data and b"~{" not in data and codec_of(charset) not in ("utf-7", "hz", "cp037", "cp500"):
            return data.decode("ascii"), False
    codec = codec_of(charset)
    if data[:3] == b"\xef\xbb\xbf":
        return data[3:].decode("utf-8", "replace"), False
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") and codec[:6] in ("", "utf-16", "utf-8"):
        return data.decode("utf-16", "replace"), False
    if codec.startswith("utf-16") or (not codec and data[:_SAMPLE].count(0) * 3 > len(data[:_SAMPLE])):
        return _sixteen(data, codec), False
    if not codec:
        return guess(data), bool(charset) or not data.isascii()
    if codec in _WESTERN:
        return _western(data, codec)
    return _strict_or_near(data, codec)


def guess(data: bytes) -> str:
    """Text from bytes without a (known) character set: UTF-8, then what its escapes say, then a statistical guess."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if b"\x1b$" in data or b"\x1b(" in data:
        try:
            return data.decode("iso2022_jp_ext")
        except UnicodeDecodeError:
            pass
    codec = "" if _has_lone_accents(data[:_SAMPLE]) else _statistical(data[:_SAMPLE])
    if codec:
        return data.decode(codec, "replace")
    return _cp1252(data)


def tidy(text: str) -> str:
    """Text with "\\n" line ends and without control characters; storage refuses some of them."""
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    text = _CONTROLS.sub(_spaced, text)
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8") if _has_surrogate(text) else text


def _spaced(match: re.Match[str]) -> str:
    return "\n" if match[0] == "\r" else ""


def _has_surrogate(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _sixteen(data: bytes, codec: str) -> str:
    """UTF-16 by its mark, else by where the zero bytes stand."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if codec in ("utf-16-le", "utf-16-be"):
        return data.decode(codec, "replace")
    little = data[1:_SAMPLE:2].count(0) >= data[0:_SAMPLE:2].count(0) and 0 in data[:_SAMPLE]
    if 0 not in data[:_SAMPLE] and data.isascii():
        return data.decode("ascii")
    return data.decode("utf-16-le" if little else "utf-16-be", "replace")


def _western(data: bytes, codec: str) -> tuple[str, bool]:
    """One of the western sets; text that is valid UTF-8 is UTF-8, whatever was said."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return text, codec != "us-ascii"
    if codec == "us-ascii":
        return guess(data), True
    return (_cp1252(data) if codec == "cp1252" else data.decode(codec, "replace")), False


def _cp1252(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return "".join(_CP1252[byte] for byte in data)


_CP1252 = [bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)]


def _strict_or_near(data: bytes, codec: str) -> tuple[str, bool]:
    """By the stated set; if that fails, by UTF-8 or what the bytes look like, else with replacements."""
    try:
        return data.decode(codec), False
    except (UnicodeError, ValueError):
        pass
    stated = data.decode(codec, "replace")
    wrong = stated.count("\ufffd")
    if codec == "utf-8":
        high = sum(stated.count(sign) for sign in "áéíóúñüäößàèçãõâê¿¡’“”–…€ 、。")
        return (stated if high > wrong or wrong * 20 < len(stated) > 200 else guess(data)), True
    try:
        return data.decode("utf-8"), True
    except UnicodeDecodeError:
        return (stated if wrong * 10 < len(stated) + 10 else guess(data)), True


_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_PAIR = re.compile(rb"[\x80-\xff]{2}")


def _has_lone_accents(sample: bytes) -> bool:
    """Few letters beyond ASCII, never two together: a western language, for which statistics need more text."""
    high = len(_HIGH.findall(sample))
    return high * 5 < len(sample) and len(_HIGH_PAIR.findall(sample)) * 10 <= high and _near_western(sample, "") == "cp1252"


def _statistical(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    if len(sample) < 8:
        return ""
    best = from_bytes(sample, steps=3, threshold=0.4, preemptive_behaviour=False).best()
    if best is None:
        return ""
    codec = codec_of(best.encoding)
    high = sum(byte > 127 for byte in sample)
    # Few accents in mostly plain letters: western, whatever the statistics of so little text say.
    if high * 8 < len(sample) and codec[:2] in ("cp", "is", "ma", "pt", "hp") and codec not in ("cp932", "cp949", "cp950"):
        return _near_western(sample, codec)
    return codec


def _near_western(sample: bytes, codec: str) -> str:
    western = _cp1252(sample)
    letters = [sign for sign in western if ord(sign) > 127]
    return "cp1252" if letters and all(sign.isalpha() or sign in "’“”–—…€«»°ºª¿¡´·\xa0" for sign in letters) else codec
