"""Mail: one configuration for all of the mall, from MALL_MAIL_URL.

smtp://user:password@host:587 (STARTTLS), smtps://…:465, smtp://host:25?tls=0, file:///folder, console:, memory:.
Without it, development prints mail on the console and keeps it in var/mail; tests keep it in memory.
"""

import smtplib
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.utils import formataddr, parseaddr
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from flask import Flask, current_app
from flask_mailman import EmailMultiAlternatives, Mail
from flask_mailman.backends.base import BaseEmailBackend
from flask_mailman.backends.smtp import EmailBackend as PlainSmtpBackend

mailman = Mail()


class FolderBackend(BaseEmailBackend):  # type: ignore[misc]  # flask-mailman is untyped
    """Each message a file named after its Message-ID, so that sending one again leaves one file."""

    def send_messages(self, messages: list[EmailMultiAlternatives]) -> int:
        folder = Path(current_app.config["MAIL_FILE_PATH"])
        folder.mkdir(parents=True, exist_ok=True)
        for message in messages:
            written = message.message()
            name = "".join(c for c in str(written["Message-ID"]) if c.isalnum() or c in "-.@")
            (folder / f"{name}.eml").write_bytes(written.as_bytes())
            if current_app.config["MAIL_ECHO"]:
                print(_on_console(message, folder / f"{name}.eml"), file=sys.stderr, flush=True)  # noqa: T201
        return len(messages)


class SmtpBackend(PlainSmtpBackend):  # type: ignore[misc]  # flask-mailman is untyped
    """SMTP whose STARTTLS checks the server's certificate (Flask-Mailman's own takes any)."""

    connection: smtplib.SMTP | None

    def open(self) -> bool | None:
        """Connect, with STARTTLS if the URL did not switch it off; raises OSError."""
        if self.connection or not self.mailman.use_tls:
            opened: bool | None = super().open()
            return opened
        self.connection = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            self.connection.starttls(context=ssl.create_default_context())
            if self.username and self.password:
                self.connection.login(self.username, self.password)
        except OSError:
            self.connection.close()
            self.connection = None
            raise
        return True


def _on_console(message: EmailMultiAlternatives, path: Path) -> str:
    rule = "-" * 72
    return f"{rule}\nMail to {', '.join(message.to)}: {message.subject}\n{path}\n\n{message.body}\n{rule}"


def config(url: str, *, var_dir: Path, env: str, sender: str) -> dict[str, object]:
    """Flask-Mailman's configuration for a mail URL; raises ValueError if the URL cannot be understood."""
    base = {"MAIL_DEFAULT_SENDER": sender, "MAIL_FILE_PATH": str(var_dir / "mail"), "MAIL_ECHO": False}
    if not url:
        if env == "test":
            return {**base, "MAIL_BACKEND": "locmem"}
        return {**base, "MAIL_BACKEND": FolderBackend, "MAIL_ECHO": True}
    parts = urlsplit(url)
    if parts.scheme == "memory":
        return {**base, "MAIL_BACKEND": "locmem"}
    if parts.scheme == "console":
        return {**base, "MAIL_BACKEND": "console"}
    if parts.scheme == "file":
        return {**base, "MAIL_BACKEND": FolderBackend, "MAIL_FILE_PATH": parts.path}
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("MALL_MAIL_URL must start with smtp://, smtps://, file:///, console: or memory:")
    tls = parse_qs(parts.query).get("tls", ["1"])[0] == "1"
    return {
        **base,
        "MAIL_BACKEND": SmtpBackend,
        "MAIL_SERVER": parts.hostname,
        "MAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "MAIL_USE_SSL": parts.scheme == "smtps",
        "MAIL_USE_TLS": parts.scheme == "smtp" and tls,
        "MAIL_USERNAME": unquote(parts.username) if parts.username else None,
        "MAIL_PASSWORD": unquote(parts.password) if parts.password else None,
        "MAIL_TIMEOUT": 10,
    }


def message(
    *, to: str, subject: str, text: str, html: str, message_id: int, name: str = "", language: str = ""
) -> EmailMultiAlternatives:
    """A mail as text and HTML. Its Message-ID comes from the outbox message, so a repeat is known as one."""
    domain = parseaddr(current_app.config["MAIL_DEFAULT_SENDER"])[1].rpartition("@")[2] or "localhost"
    headers = {"Message-ID": f"<outbox-{message_id}@{domain}>", "Auto-Submitted": "auto-generated"}
    if language:
        headers["Content-Language"] = language
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text,
        to=[formataddr((" ".join(name.split()), to)) if name else to],
        headers=headers,
    )
    mail.attach_alternative(html, "text/html")
    return mail


@contextmanager
def connection() -> Iterator[Callable[[EmailMultiAlternatives], None]]:
    """One connection to the mail server for a batch; after a failed mail the next one gets a new connection.

    Raises OSError (smtplib's errors are such) when the server cannot be reached.
    """
    backend = mailman.get_connection()
    backend.open()

    def send(mail: EmailMultiAlternatives) -> None:
        try:
            backend.send_messages([mail])
        except Exception:
            _hang_up(backend)
            raise

    try:
        yield send
    finally:
        _hang_up(backend)


def _hang_up(backend: BaseEmailBackend) -> None:
    with suppress(OSError):
        backend.close()


def init_app(app: Flask) -> None:
    """Set Flask-Mailman up from the settings."""
    settings = app.config["SETTINGS"]
    app.config.from_mapping(
        config(settings.mail_url, var_dir=settings.var_dir, env=settings.env, sender=settings.mail_from)
    )
    mailman.init_app(app)
