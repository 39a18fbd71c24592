"""The member's own data."""

from datetime import date

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from mall.account.blueprint import bp
from mall.account.forms import name_field
from mall.core import clock
from mall.core.db import transaction
from mall.domain.members import queries, service
from mall.web.access import me, members_only
from mall.web.addresses import e164, home_country, spoken_phone
from mall.web.forms import Form, at_most, required
from mall.web.languages import NAMES, offered
from mall.web.render import go, page

GENDERS = {"": _l("Rather not say"), "female": _l("Female"), "male": _l("Male"), "other": _l("Other")}


class ProfileForm(Form):
    """Name, phone, gender, birthday, language."""

    name = name_field()
    phone = StringField(_l("Phone"), [at_most(40)])
    gender = SelectField(_l("Gender"), [Optional()])
    birthday = DateField(_l("Birthday"), [Optional()])
    language = SelectField(_l("Language"), [required()])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.gender.choices = [SelectChoice(value, label) for value, label in GENDERS.items()]
        self.language.choices = [SelectChoice(tag, NAMES[tag]) for tag in offered()]

    def validate_phone(self, field: Field) -> None:
        """Empty, or a number that can exist; kept with its country code."""
        if field.data:
            number = e164(field.data, home_country())
            if number is None:
                raise ValidationError(
                    _("This number cannot exist. With another country's number, start with + and its code.")
                )
            field.data = number

    def validate_birthday(self, field: Field) -> None:
        """A day that somebody alive can be born on."""
        if field.data and not date(1900, 1, 1) <= field.data <= clock.now().date():
            raise ValidationError(_("Please check the year of your birthday."))


@bp.route("/profile", methods=["GET", "POST"])
@members_only
def profile() -> ResponseReturnValue:
    """Look at one's data and change it."""
    form = ProfileForm()
    if not form.is_submitted():
        form = ProfileForm(obj=queries.profile(me().id))
        form.phone.data = spoken_phone(form.phone.data)
    elif form.validate():
        with transaction():
            service.edit_profile(
                me().id,
                name=form.name.data,
                phone=form.phone.data or None,
                gender=form.gender.data or None,
                birthday=form.birthday.data,
                language=form.language.data,
            )
        flash(_("Saved."), "good")
        return go(url_for(".profile"))
    return page("account/profile.html", form=form, status=422 if form.errors else 200)
