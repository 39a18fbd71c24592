"""Cut the fonts of receipts down to what receipts need: `python assets/font.py FONT…`. Only to change a font.

The regular one (NotoSansSC-Regular.otf, of Google's noto-cjk) keeps Latin with its accents, punctuation, the characters
of GB 2312 (simplified) and the frequent half of Big5 (traditional): 2 MB instead of 8. What is not there shows as an
empty box; the page on the screen has all of them.

The bold one (NotoSansSC_700Bold.ttf, of the npm package @expo-google-fonts/noto-sans-sc) is for headings, totals and
names: Latin, the frequent half of GB 2312, and whatever our own words in traditional Chinese are written with. What it
cannot write is set in the regular one (mall/web/documents/pdf.py), so it can stay small.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

_MALL = Path(__file__).resolve().parent.parent / "mall"
_TARGET = _MALL / "web" / "documents"
_WORDS = _MALL / "translations" / "zh_Hant" / "LC_MESSAGES" / "messages.po"
_RANGES = ((0x20, 0x7F), (0xA0, 0x180), (0x2010, 0x2040), (0x3000, 0x3040), (0xFF00, 0xFFEF))
_SIGNS = "¥€£₩₫₹₱฿₽…·×÷≤≥→←↑↓■□●○★☆№℃™©®"


def regular() -> set[int]:
    """The characters that the regular font keeps."""
    found = _latin() | _two_bytes("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF))
    return found | _two_bytes("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)])


def bold() -> set[int]:
    """The characters that the bold font keeps."""
    words = {ord(sign) for sign in _WORDS.read_text(encoding="utf-8") if sign.isprintable()}
    return _latin() | _two_bytes("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)) | words


def _latin() -> set[int]:
    return {code for first, last in _RANGES for code in range(first, last)} | {ord(sign) for sign in _SIGNS}


def _two_bytes(encoding: str, firsts: range, seconds: "range | list[int]") -> set[int]:
    pairs = (bytes([first, second]).decode(encoding, "ignore") for first in firsts for second in seconds)
    return {ord(text) for text in pairs if len(text) == 1}


def main() -> None:
    for path in map(Path, sys.argv[1:]):
        font = TTFont(path)
        heavy = font["OS/2"].usWeightClass >= 700
        options = subset.Options(layout_features=["kern"], name_IDs=["*"], notdef_outline=True, hinting=False)
        cut = subset.Subsetter(options)
        cut.populate(unicodes=bold() if heavy else regular())
        cut.subset(font)
        font.save(_TARGET / f"NotoSansSC-mall{'-bold' if heavy else ''}{path.suffix}")


if __name__ == "__main__":
    main()
