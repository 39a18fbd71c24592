"""Cut a font down to what receipts need: `python assets/font.py NotoSansSC-Regular.otf`. Only to change the font.

Kept: Latin with its accents, punctuation, the characters of GB 2312 (simplified) and the frequent half of Big5
(traditional): 2 MB instead of 8. What is not there shows as an empty box; the page on the screen has all of them.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

TARGET = Path(__file__).resolve().parent.parent / "mall" / "web" / "documents" / "NotoSansSC-mall.otf"
_RANGES = ((0x20, 0x7F), (0xA0, 0x180), (0x2010, 0x2040), (0x3000, 0x3040), (0xFF00, 0xFFEF))
_SIGNS = "¥€£₩₫₹₱฿₽…·×÷≤≥→←↑↓■□●○★☆№℃™©®"


def wanted() -> set[int]:
    """The characters to keep."""
    found = {code for first, last in _RANGES for code in range(first, last)} | {ord(sign) for sign in _SIGNS}
    found |= _two_bytes("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF))
    return found | _two_bytes("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)])


def _two_bytes(encoding: str, firsts: range, seconds: "range | list[int]") -> set[int]:
    pairs = (bytes([first, second]).decode(encoding, "ignore") for first in firsts for second in seconds)
    return {ord(text) for text in pairs if len(text) == 1}


def main() -> None:
    font = TTFont(sys.argv[1])
    options = subset.Options(layout_features=["kern"], name_IDs=["*"], notdef_outline=True, hinting=False)
    cut = subset.Subsetter(options)
    cut.populate(unicodes=wanted())
    cut.subset(font)
    font.save(TARGET)


if __name__ == "__main__":
    main()
