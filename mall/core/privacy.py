"""Keeping people out of logs and error texts. Pure."""

import re

_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9.-]{1,190}\.?[A-Za-z0-9-]{1,63}")
_PHONE = re.compile(r"(?<![\w.:-])\+?\d(?:[ -]?\d){8,14}(?![\w.:-])")
_SECRET = re.compile(
    r"(?i)\b(password|passwd|token|secret|csrf_token|authorization|api[_-]?key|code)"
    r"([\"']?\s*[=:]\s*[\"']?)(?:bearer\s+)?[^\s\"'&,;]+"
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}")
#: A signed or random token as it stands in an address: long, without spaces.
_TOKEN = re.compile(r"(?<![A-Za-z0-9_.-])(?=[A-Za-z0-9_.-]*\d)(?=[A-Za-z0-9_.-]*[A-Za-z])[A-Za-z0-9_.-]{32,}")


def mask(text: str) -> str:
    """The text without e-mail addresses, telephone numbers, passwords and tokens."""
    if len(text) < 5:
        return text
    text = _EMAIL.sub("[email]", text)
    text = _SECRET.sub(r"\1\2[secret]", text)
    text = _BEARER.sub(r"\1 [secret]", text)
    text = _TOKEN.sub("[token]", text)
    return _PHONE.sub("[number]", text)
