"""What forms say about a field, in the mall's voice and the reader's language."""

import re

import pytest
from flask import Flask
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import DateField, DecimalField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from mall.web.forms import Form, at_most, required


class Everything(Form):
    """A field of each kind."""

    name = StringField(validators=[required()])
    given = StringField(validators=[InputRequired()])
    long = StringField(validators=[at_most(3)])
    longer = StringField(validators=[Length(max=3)])
    day = DateField()
    whole = IntegerField()
    number = DecimalField()
    few = IntegerField(validators=[NumberRange(1, 5)])
    choice = SelectField(choices=[SelectChoice("a", "A")])


BAD = {"long": "abcd", "longer": "abcd", "day": "x", "whole": "x", "number": "x", "few": "9", "choice": "z"}


def errors(app: Flask, locale: str) -> dict[str, str]:
    with app.test_request_context(), force_locale(locale):
        form = Everything(MultiDict(BAD), meta={"csrf": False})
        assert not form.validate()
        return {name: str(told[0]) for name, told in form.errors.items()}


def test_every_field_says_what_to_do(app: Flask) -> None:
    assert errors(app, "en") == {
        "name": "Please fill this in.",
        "given": "Please fill this in.",
        "long": "Please use no more than 3 characters.",
        "longer": "Please use no more than 3 characters.",
        "day": "Please give a date, such as 2026-11-22.",
        "whole": "Please give a whole number.",
        "number": "Please give a number.",
        "few": "Please give something from 1 to 5.",
        "choice": "Please choose one of the options.",
    }


@pytest.mark.parametrize("locale", ["en", "zh_Hans", "zh_Hant"])
def test_no_field_speaks_in_the_words_of_the_library(app: Flask, locale: str) -> None:
    told = errors(app, locale)
    assert set(told) == {"name", "given", *BAD}
    assert not [text for text in told.values() if re.search(r"[Ii]nvalid|[Nn]ot a valid|不是有效", text)]


def test_text_is_stripped_and_passwords_are_not(app: Flask) -> None:
    from mall.account.forms import SignInForm

    with app.test_request_context():
        form = SignInForm(MultiDict({"email": " a@b.de ", "password": " x "}), meta={"csrf": False})
        assert (form.email.data, form.password.data) == ("a@b.de", " x ")
