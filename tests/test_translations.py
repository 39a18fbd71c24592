"""Three languages, complete: every text has its translation, with the same placeholders."""

import re

import pytest
from babel.messages.catalog import Message

from tests.support import catalogues

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
#: Characters that one script has and the other writes otherwise: a line in the wrong catalogue shows itself.
_ONLY_SIMPLIFIED = set("这们为说时会请发现还没过页单选项积换员额类购级资货认证设计")
_ONLY_TRADITIONAL = set("這們為說時會請發現還沒過頁單選項積換員額類購級資貨認證設計")


def strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string]


@pytest.mark.parametrize("locale", catalogues.LOCALES)
def test_every_text_is_translated(locale: str) -> None:
    known = catalogues.read(locale)
    wanted = [(message.id, message.context) for message in catalogues.collect() if message.id]
    assert len(wanted) > 100
    there = [(text, known.get(text, context)) for text, context in wanted]
    missing = [text for text, found in there if found is None or not all(strings(found))]
    assert not missing, f"{len(missing)} texts lack {locale} (make messages), such as {missing[:5]}"
    assert not [message.id for message in known if message.fuzzy and message.id]


@pytest.mark.parametrize("locale", catalogues.LOCALES)
def test_translations_keep_the_placeholders(locale: str) -> None:
    for message in catalogues.read(locale):
        if not message.id:
            continue
        ids = list(message.id) if isinstance(message.id, tuple | list) else [message.id]
        wanted = {p for text in ids for p in _PLACEHOLDER.findall(text) if p != "%%"}
        for text in strings(message):
            assert set(_PLACEHOLDER.findall(text)) - {"%%"} == wanted, (locale, message.id, text)


@pytest.mark.parametrize(
    ("locale", "foreign"), [("zh_Hans", _ONLY_TRADITIONAL), ("zh_Hant", _ONLY_SIMPLIFIED)]
)
def test_each_script_keeps_to_itself(locale: str, foreign: set[str]) -> None:
    own = _ONLY_SIMPLIFIED if locale == "zh_Hans" else _ONLY_TRADITIONAL
    for message in catalogues.read(locale):
        for text in strings(message) if message.id else []:
            assert not set(text) & (foreign - own), (locale, message.id, text)
            assert "点数" not in text, (locale, message.id, "points are 积分")
            assert "點數" not in text, (locale, message.id, "points are 積分")


@pytest.mark.parametrize("folder", ["templates"])
def test_no_colon_stands_outside_the_texts(folder: str) -> None:
    """A Chinese colon is another sign: a template that writes ": " itself writes it wrong in two of three languages."""
    hard = re.compile(r"\}\}</?[a-z]*>?: |\}\}: |</(a|b|strong|span|label)>: ")
    found = [
        f"{path.name}: {line.strip()[:80]}"
        for path in sorted((catalogues.ROOT / folder).rglob("*.*"))
        for line in path.read_text().splitlines()
        if hard.search(line)
    ]
    assert not found, found
