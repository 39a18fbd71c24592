"""Mail: where MALL_MAIL_URL sends it, and real SMTP on loopback."""

import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from flask import Flask

from mall.web import mail

BASE: dict[str, Any] = {"var_dir": Path("var"), "env": "production", "sender": "Mall <mall@example.org>"}


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("smtp://u%40x:p%2Fw@mx.example.org:2525", {"MAIL_SERVER": "mx.example.org", "MAIL_PORT": 2525, "MAIL_USE_TLS": True, "MAIL_USE_SSL": False, "MAIL_USERNAME": "u@x", "MAIL_PASSWORD": "p/w"}),
        ("smtp://mx.example.org", {"MAIL_PORT": 587, "MAIL_USE_TLS": True, "MAIL_USERNAME": None}),
        ("smtp://localhost:25?tls=0", {"MAIL_PORT": 25, "MAIL_USE_TLS": False}),
        ("smtps://u:p@mx.example.org", {"MAIL_PORT": 465, "MAIL_USE_SSL": True, "MAIL_USE_TLS": False}),
        ("file:///srv/mail", {"MAIL_FILE_PATH": "/srv/mail", "MAIL_BACKEND": mail.FolderBackend, "MAIL_ECHO": False}),
        ("console:", {"MAIL_BACKEND": "console"}),
        ("memory:", {"MAIL_BACKEND": "locmem"}),
    ],
)  # fmt: skip
def test_what_a_mail_url_means(url: str, wanted: dict[str, object]) -> None:
    found = mail.config(url, **BASE)
    assert {key: found[key] for key in wanted} == wanted


@pytest.mark.parametrize("url", ["http://mx.example.org", "mx.example.org", "smtp://", "smtp:mx"])
def test_a_mail_url_that_means_nothing_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="MALL_MAIL_URL"):
        mail.config(url, **BASE)


def test_without_a_url_development_keeps_mail_in_files_and_shows_it() -> None:
    found = mail.config("", **{**BASE, "env": "development"})
    assert (found["MAIL_BACKEND"], found["MAIL_ECHO"]) == (mail.FolderBackend, True)


class Server(socketserver.ThreadingTCPServer):
    """As much of SMTP (RFC 5321) as a client needs to hand over mail; refuses recipients that start with "no"."""

    allow_reuse_address = True
    daemon_threads = True
    connections = 0
    mails: ClassVar[list[str]] = []


class Session(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self.server.connections += 1
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "QUIT":
                self.say("221 bye")
                return
            if verb == "RCPT" and "<no" in line:
                self.say("550 no such mailbox")
            elif verb == "DATA":
                self.say("354 go on")
                data = []
                while (part := self.rfile.readline().decode()) != ".\r\n":
                    data.append(part)
                self.server.mails.append("".join(data))
                self.say("250 taken")
            else:
                self.say("250 well")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def smtp(app: Flask) -> Iterator[Server]:
    """A mail server on loopback, and the mall configured to use it."""
    with Server(("127.0.0.1", 0), Session) as server:
        server.mails.clear()
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        state = app.extensions["mailman"]
        before = state.backend, state.server, state.port, state.use_tls
        state.backend, state.server, state.port, state.use_tls = (
            mail.SmtpBackend,
            *server.server_address,
            False,
        )
        yield server
        state.backend, state.server, state.port, state.use_tls = before
        server.shutdown()
        thread.join()


def a_mail(to: str, number: int) -> Any:
    return mail.message(to=to, subject="Grüße\n 你好", text="Text", html="<p>Text</p>", message_id=number)


def test_a_batch_goes_through_one_connection_and_a_refused_mail_costs_only_itself(
    app: Flask, smtp: Server
) -> None:
    from smtplib import SMTPRecipientsRefused

    with mail.connection() as send:
        send(a_mail("mei@example.com", 1))
        send(a_mail("ben@example.com", 2))
        assert smtp.connections == 1
        with pytest.raises(SMTPRecipientsRefused):
            send(a_mail("nobody@example.com", 3))
        send(a_mail("zoe@example.com", 4))
    assert smtp.connections == 2
    assert len(smtp.mails) == 3
    assert "Message-ID: <outbox-1@example.com>" in smtp.mails[0]
    assert "multipart/alternative" in smtp.mails[0]


def test_a_server_that_offers_no_tls_gets_no_mail_unless_told_so(app: Flask, smtp: Server) -> None:
    from smtplib import SMTPException

    app.extensions["mailman"].use_tls = True
    with pytest.raises(SMTPException), mail.connection():
        pytest.fail("no connection without STARTTLS")
    assert smtp.mails == []


def test_a_server_that_is_away_is_an_os_error(app: Flask, smtp: Server) -> None:
    app.extensions["mailman"].port = 9
    with pytest.raises(OSError), mail.connection():
        pytest.fail("nobody listens there")


def test_mail_in_files_has_one_file_a_message_id(
    app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = app.extensions["mailman"]
    before = state.backend
    state.backend = mail.FolderBackend
    app.config.update(MAIL_FILE_PATH=str(tmp_path), MAIL_ECHO=True)
    try:
        for _ in range(2):
            with mail.connection() as send:
                send(a_mail("mei@example.com", 7))
    finally:
        state.backend = before
        app.config.update(MAIL_ECHO=False)
    assert [path.name for path in tmp_path.iterdir()] == ["outbox-7@example.com.eml"]
    assert "Mail to mei@example.com: Grüße 你好" in capsys.readouterr().err
