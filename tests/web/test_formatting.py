"""Numbers and times as the reader writes them."""

from datetime import UTC, date, datetime

import pytest
from babel import Locale
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import force_locale
from markupsafe import Markup

from mall.web import formatting

NUMBERS = [0, 7, 999, 1_000, 12_480, 1_234_567, -320, -12_345]


@pytest.mark.parametrize("locale", ["en", "zh_Hans", "zh_Hant", "de", "fr", "hi", "ar_EG", "es"])
def test_the_short_way_of_writing_points_is_the_long_way(app: Flask, locale: str) -> None:
    with app.test_request_context("/"), force_locale(locale):
        for n in NUMBERS:
            assert formatting.points(n) == format_decimal(n, locale=Locale.parse(locale))


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("en", "Nov 22, 2026 4:05\u00a0PM"),
        ("zh_Hans", "2026年11月22日 16:05"),
        ("zh_Hant", "2026年11月22日 下午4:05"),
    ],
)
def test_a_moment_is_in_the_programmes_time_zone_without_seconds(
    app: Flask, locale: str, written: str
) -> None:
    with app.test_request_context("/"), force_locale(locale):
        assert formatting.moment(datetime(2026, 11, 22, 8, 5, 9, tzinfo=UTC)) == written


@pytest.mark.parametrize(
    ("locale", "written"), [("en", "Jan 1"), ("zh_Hans", "1月1日"), ("zh_Hant", "1月1日")]
)
def test_a_short_day_of_an_instant_is_the_day_in_the_programmes_time_zone(
    app: Flask, locale: str, written: str
) -> None:
    with app.test_request_context("/"), force_locale(locale):
        assert formatting.short_day(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == written
        assert formatting.short_day(date(2027, 1, 1)) == written


@pytest.mark.parametrize("locale", ["en", "zh_Hans", "zh_Hant"])
def test_the_malls_own_money_has_the_plain_sign_in_every_language(app: Flask, locale: str) -> None:
    with app.test_request_context("/"), force_locale(locale):
        assert formatting.money(123_456) == "¥1,234.56"
        assert formatting.money(-3_000).strip("\u200e") == "-¥30.00"
        assert formatting.money(3_000, "USD").endswith("$30.00")


@pytest.mark.parametrize(("locale", "gap"), [("en", " "), ("zh_Hans", ""), ("zh_Hant", "")])
def test_sentences_are_joined_as_the_language_sets_them(app: Flask, locale: str, gap: str) -> None:
    with app.test_request_context("/"), force_locale(locale):
        assert formatting.sentences(["One.", "", "Two."]) == f"One.{gap}Two."
        assert formatting.sentences(["Alone."]) == "Alone."
        markup = formatting.sentences(["<i>", Markup("<b>Two.</b>")])
        assert (markup, type(markup)) == (f"&lt;i&gt;{gap}<b>Two.</b>", Markup)
