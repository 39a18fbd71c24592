"""What every form of the mall has: stripped text, and sentences of our own for what is missing or cannot be read."""

from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, PasswordField
from wtforms.validators import DataRequired, Length

from mall.core.errors import N_

_PLEASE_FILL_IN = N_("Please fill this in.")
_PLEASE_CHOOSE = N_("Please choose one of the options.")
_PLEASE_DATE = N_("Please give a date, such as 2026-11-22.")
_PLEASE_WHOLE = N_("Please give a whole number.")
_PLEASE_NUMBER = N_("Please give a number.")

#: What WTForms says, in our voice: it would say "Invalid input", and has no Traditional Chinese for a zh-Hant locale.
_OURS = {
    "This field is required.": _PLEASE_FILL_IN,
    "Not a valid choice.": _PLEASE_CHOOSE,
    "Invalid Choice: could not coerce.": _PLEASE_CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _PLEASE_CHOOSE,
    "Not a valid date value.": _PLEASE_DATE,
    "Not a valid datetime value.": N_("Please give a date and a time, such as 2026-11-22 20:00."),
    "Not a valid time value.": N_("Please give a time, such as 20:00."),
    "Not a valid integer value.": _PLEASE_WHOLE,
    "Not a valid decimal value.": _PLEASE_NUMBER,
    "Not a valid float value.": _PLEASE_NUMBER,
    "Number must be at least %(min)s.": N_("Please give at least %(min)s."),
    "Number must be at most %(max)s.": N_("Please give at most %(max)s."),
    "Number must be between %(min)s and %(max)s.": N_("Please give something from %(min)s to %(max)s."),
    "Field cannot be longer than %(max)d characters.": N_("Please use no more than %(max)d characters."),
}


class Sentences:
    """What WTForms asks for its words."""

    def gettext(self, text: str) -> str:
        """Our sentence for one of WTForms' own, in the reader's language; its own where we have none."""
        return str(gettext(_OURS.get(text, text)))

    def ngettext(self, one: str, many: str, n: int) -> str:
        """The same for a sentence with a number."""
        return self.gettext(one if n == 1 and many not in _OURS else many)


_sentences = Sentences()


def required() -> DataRequired:
    """Something must be there."""
    return DataRequired(message=_l(_PLEASE_FILL_IN))


def at_most(n: int) -> Length:
    """No longer than the column."""
    return Length(max=n, message=_l("Please use no more than %(max)d characters."))


class Form(FlaskForm):  # type: ignore[misc]  # flask-wtf is untyped
    """Ours: text is stripped, passwords are not; `refuse` puts a sentence at a field after the rules were asked."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # flask-wtf is untyped
        """Filters for every field, words for every error."""

        def get_translations(self, _form: Any) -> Sentences:
            """Our sentences."""
            return _sentences

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was sent as a form; JSON is not one (limits that count by what was typed do not read it)."""
            return None if request and request.is_json else super().wrap_formdata(form, formdata)

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Strip what people paste around their text."""
            if not issubclass(unbound_field.field_class, PasswordField):
                options = {**options, "filters": [*unbound_field.kwargs.get("filters", ()), _stripped]}
            return unbound_field.bind(form=form, **options)

    def refuse(self, field: Field, message: str) -> None:
        """Add an error found by a rule outside the form."""
        field.errors = [*field.errors, message]


def _stripped(value: Any) -> Any:
    """Text without space around it, and without the one character that no database keeps."""
    return value.replace("\0", "").strip() if isinstance(value, str) else value
