"""Mails about signing in: written here in the member's language, sent by the worker after the commit."""

from datetime import datetime

from flask import current_app, render_template
from flask_babel import force_locale, gettext

from mall.core.errors import N_
from mall.domain.members.queries import Credentials
from mall.domain.notifications import service as notifications

#: Subject by template (templates/email/<name>.txt and .html).
SUBJECTS = {
    "confirm": N_("Please confirm your e-mail address"),
    "welcome": N_("Welcome to %(mall)s"),
    "sign_up_known": N_("You already have an account"),
    "reset": N_("Choose a new password"),
    "password_changed": N_("Your password was changed"),
    "two_step_on": N_("Two-step sign-in is on"),
    "two_step_off": N_("Two-step sign-in was turned off"),
}


def written(kind: str, /, *, language: str, **context: object) -> dict[str, str]:
    """Subject, text and HTML of a mail, in that language."""
    with force_locale(language.replace("-", "_")):
        subject = gettext(SUBJECTS[kind], mall=current_app.config["SETTINGS"].name)
        return {
            "subject": subject,
            "text": render_template(f"email/{kind}.txt", subject=subject, **context),
            "html": render_template(f"email/{kind}.html", subject=subject, **context),
        }


def send(kind: str, who: Credentials, *, at: datetime, **context: object) -> None:
    """Have a mail sent to a member after this transaction."""
    if who.email:
        mail = written(kind, language=who.language, name=who.name, **context)
        notifications.mail(to=who.email, at=at, **mail)
