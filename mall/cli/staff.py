"""`mall staff …`: who works for the merchant, and what they may do."""

import click
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask.cli import with_appcontext

from mall.account import links
from mall.account.joining import join
from mall.core import clock
from mall.core.actor import SYSTEM
from mall.core.db import transaction
from mall.core.ids import MemberId
from mall.domain.audit import service as audit
from mall.domain.members import directory, queries, rules, service
from mall.domain.members.queries import Credentials

_ROLE = click.Choice(rules.ROLES)


@click.group("staff", help="Staff: who they are and what they may do.")
def staff() -> None:
    """The group `mall staff`."""


@staff.command("create")
@click.argument("email")
@click.option("--role", "roles", type=_ROLE, multiple=True, required=True, help="may be given more than once")
@click.option("--name", default="", help="their name (default: the address up to the @)")
@with_appcontext
def create(email: str, roles: tuple[str, ...], name: str) -> None:
    """Give EMAIL a role; a person who is new here is made. Prints a one-time link to choose a password with."""
    address = _address(email)
    at = clock.now()
    with transaction():
        who = queries.credentials(address)
        member_id = who.id if who else _join(address, name or address.partition("@")[0])
        before = sorted(service.find(member_id).role_names)
        member = service.set_roles(member_id, {*before, *roles})
        after = sorted(member.role_names)
        audit.record(
            SYSTEM,
            "staff.roles.set",
            subject=("member", member.id),
            before={"roles": before},
            after={"roles": after},
            at=at,
        )
    click.echo(f"{address}: {', '.join(after)}", err=True)
    known = _known(address)
    if known.password:
        click.echo("They have a password already and sign in as before; their sessions have ended.", err=True)
    else:
        click.echo("To choose a password, once, within three days:", err=True)
        click.echo(links.set_up_link(known))


@staff.command("roles")
@click.argument("email")
@click.option("--role", "roles", type=_ROLE, multiple=True, help="none at all: no longer staff")
@with_appcontext
def set_roles(email: str, roles: tuple[str, ...]) -> None:
    """Give EMAIL exactly these roles. Their sessions end at once."""
    who = _known(_address(email))
    with transaction():
        before = sorted(service.find(who.id).role_names)
        service.set_roles(who.id, roles)
        audit.record(
            SYSTEM,
            "staff.roles.set",
            subject=("member", who.id),
            before={"roles": before},
            after={"roles": sorted(set(roles))},
            at=clock.now(),
        )
    click.echo(f"{who.email}: {', '.join(sorted(set(roles))) or 'no longer staff'}", err=True)


@staff.command("reset-two-step")
@click.argument("email")
@with_appcontext
def reset_two_step(email: str) -> None:
    """Turn two-step sign-in off for EMAIL, who lost both the phone and the recovery codes."""
    who = _known(_address(email))
    with transaction():
        service.turn_two_step_off(who.id)
        service.end_sessions(service.find(who.id))
        audit.record(SYSTEM, "staff.two_step.off", subject=("member", who.id), at=clock.now())
    click.echo(f"{who.email}: the password alone lets them in now", err=True)


@staff.command("list")
@with_appcontext
def list_staff() -> None:
    """Everybody with a role: address, roles, two-step sign-in, tab-separated."""
    for row in directory.staff():
        click.echo(f"{row.email or row.number}\t{','.join(row.roles)}\t{'two-step' if row.two_step else '-'}")


def _address(text: str) -> str:
    try:
        return rules.clean_email(validate_email(text, check_deliverability=False).normalized)
    except EmailNotValidError as wrong:
        raise click.BadParameter(f"{text!r} is not an e-mail address: {wrong}") from wrong


def _known(address: str) -> Credentials:
    who = queries.credentials(address)
    if who is None:
        raise click.ClickException(f"Nobody here has the address {address}.")
    return who


def _join(address: str, name: str) -> MemberId:
    language: str = current_app.config["SETTINGS"].locales[0]
    return join(email=address, name=name, language=language, at=clock.now()).id
