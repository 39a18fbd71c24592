"""What every form of the mall has: stripped text, sentences for what is missing or too long."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, PasswordField
from wtforms.validators import DataRequired, Length


def required() -> DataRequired:
    """Something must be there."""
    return DataRequired(message=_l("Please fill this in."))


def at_most(n: int) -> Length:
    """No longer than the column."""
    return Length(max=n, message=_l("Please use no more than %(max)d characters."))


class Form(FlaskForm):  # type: ignore[misc]
    """Ours: text is stripped, passwords are not; `refuse` puts a sentence at a field after the rules were asked."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Filters for every field."""

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
