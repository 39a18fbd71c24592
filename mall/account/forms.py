"""Forms of signing in and up: the shape of their fields, no rules of the mall and no queries."""

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import BooleanField, EmailField, Field, HiddenField, PasswordField, StringField
from wtforms.validators import ValidationError

from mall.domain.members import rules
from mall.web.forms import Form, at_most, required


def email_shape(_form: Form, field: Field) -> None:
    """An address that mail can be sent to; written as it is stored. Asks no name server."""
    try:
        found = validate_email(field.data, check_deliverability=False)
    except EmailNotValidError as wrong:
        raise ValidationError(
            _("This does not look like an e-mail address, such as mei@example.com.")
        ) from wrong
    field.data = rules.clean_email(found.normalized)


def email_field() -> EmailField:
    """An e-mail address."""
    return EmailField(_l("E-mail address"), [required(), at_most(254), email_shape])


def seen(_form: Form, field: Field) -> None:
    """A name that is more than blanks and signs that leave no mark."""
    if not rules.can_be_seen(field.data):
        raise ValidationError(_("Please give a name that can be seen."))


def name_field() -> StringField:
    """What a member is called."""
    return StringField(lazy_pgettext("person", "Name"), [required(), at_most(80), seen])


class EmptyForm(Form):
    """Only the token against forged requests."""


class SignInForm(Form):
    """E-mail and password; `next` is where to go afterwards."""

    email = EmailField(_l("E-mail address"), [required(), at_most(254)])
    password = PasswordField(_l("Password"), [required(), at_most(rules.PASSWORD_MOST)])
    remember = BooleanField(_l("Keep me signed in on this device"))
    next = HiddenField()


class PasswordForm(Form):
    """The password once more."""

    password = PasswordField(_l("Password"), [required(), at_most(rules.PASSWORD_MOST)])
    next = HiddenField()


class AskAgainForm(Form):
    """Where to send a mail to."""

    email = email_field()


class CodeForm(Form):
    """A code from the app, or a recovery code."""

    code = StringField(_l("Code"), [required(), at_most(20)])


class NewPasswordForm(Form):
    """A new password. `owner` is the address that it may not be made of; the route sets it."""

    owner = ""
    password = PasswordField(_l("New password"), [required()])

    def validate_password(self, field: Field) -> None:
        """Long enough, and not the first that someone would try."""
        fault = rules.password_fault(field.data, self.owner)
        if fault is not None:
            raise ValidationError(_FAULTS[fault])


_FAULTS = {
    "short": _l(
        "Please use at least %(n)s characters. A few words in a row make a good password.",
        n=rules.PASSWORD_LEAST,
    ),
    "long": _l("Please use no more than %(n)s characters.", n=rules.PASSWORD_MOST),
    "simple": _l("That password would be guessed soon. A few words in a row make a good one."),
    "address": _l("Please use something other than your e-mail address."),
}


class SignUpForm(NewPasswordForm):
    """A new member."""

    name = name_field()
    email = email_field()
    password = PasswordField(_l("Password"), [required()])

    def validate_password(self, field: Field) -> None:
        """As everywhere, with the address typed above."""
        self.owner = self.email.data or ""
        super().validate_password(field)


class ChangePasswordForm(NewPasswordForm):
    """The old password and the new one."""

    current = PasswordField(_l("Present password"), [required(), at_most(rules.PASSWORD_MOST)])
    password = PasswordField(_l("New password"), [required()])
