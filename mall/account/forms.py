"""Forms of the account: the shape of their fields, no rules of the mall and no queries."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, Field, HiddenField, PasswordField
from wtforms.validators import DataRequired, Length

_FILL_IN = _l("Please fill this in.")


def required() -> DataRequired:
    """Something must be there."""
    return DataRequired(message=_FILL_IN)


class Form(FlaskForm):  # type: ignore[misc]
    """Ours: text is stripped; `refuse` puts a sentence at a field after the rules were asked."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Filters for every field."""

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Strip what people paste around their text, but never a password."""
            kind = unbound_field.field_class
            if not issubclass(kind, PasswordField) and hasattr(kind, "process_formdata"):
                filters = [*unbound_field.kwargs.get("filters", ()), _stripped]
                return unbound_field.bind(form=form, filters=filters, **options)
            return unbound_field.bind(form=form, **options)

    def refuse(self, field: Field, message: str) -> None:
        """Add an error found by a rule outside the form."""
        field.errors = [*field.errors, message]


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


class SignInForm(Form):
    """E-mail and password; `next` is where to go afterwards."""

    email = EmailField(_l("E-mail address"), [required(), Length(max=254)])
    password = PasswordField(_l("Password"), [required(), Length(max=200)])
    remember = BooleanField(_l("Keep me signed in on this device"))
    next = HiddenField()
