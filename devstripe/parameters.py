"""Reads form-encoded parameters against a description of what an endpoint takes, and refuses as Stripe does.

Nothing that is not described gets through: a misspelt or unknown parameter is an error here as it is there.
Sources: https://docs.stripe.com/error-codes and https://docs.stripe.com/metadata.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from devstripe.errors import Refusal

_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)\Z")
_WHOLE = re.compile(r"-?\d{1,18}\Z", re.ASCII)


def parse(form: str) -> dict[str, Any]:
    """`a[b][0]=c` as nested dictionaries; a list stays a dictionary by index until its field reads it."""
    found: dict[str, Any] = {}
    for key, value in parse_qsl(form, keep_blank_values=True):
        match = _KEY.match(key)
        if match is None:
            raise unknown(key)
        path = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        place = found
        for step in path[:-1]:
            inner = place.setdefault(step or str(len(place)), {})
            if not isinstance(inner, dict):
                raise Refusal("Invalid object", param=key)
            place = inner
        place[path[-1] or str(len(place))] = value
    return found


def unknown(name: str) -> Refusal:
    """The refusal of a parameter that the endpoint does not take."""
    return Refusal(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)


def absent(name: str) -> Refusal:
    """The refusal of a request that lacks a parameter."""
    return Refusal(f"Missing required param: {name}.", code="parameter_missing", param=name)


class Field(Protocol):
    """One described parameter: whether it must be there, and how its value is read."""

    @property
    def required(self) -> bool: ...

    def read(self, raw: Any, where: str) -> Any: ...


def _word(raw: Any, where: str) -> str:
    if not isinstance(raw, str):
        raise Refusal("Invalid string: must be a string", param=where)
    if raw == "":
        raise Refusal(
            f"You passed an empty string for '{where}'. We assume empty values are an attempt to unset a "
            f"parameter; however '{where}' cannot be unset. You should remove '{where}' from your request "
            "or supply a non-empty value.",
            code="parameter_invalid_empty",
            param=where,
        )
    return raw


@dataclass(frozen=True, kw_only=True)
class Text:
    """A string of at most `longest` characters."""

    longest: int = 5000
    required: bool = False

    def read(self, raw: Any, where: str) -> str:
        word = _word(raw, where)
        if len(word) > self.longest:
            raise Refusal(f"Invalid string: must be at most {self.longest} characters", param=where)
        return word


@dataclass(frozen=True, kw_only=True)
class Whole:
    """An integer within limits."""

    least: int = 0
    most: int = 99_999_999
    required: bool = False

    def read(self, raw: Any, where: str) -> int:
        word = _word(raw, where)
        if not _WHOLE.match(word):
            raise Refusal(f"Invalid integer: {word}", code="parameter_invalid_integer", param=where)
        number = int(word)
        if number < self.least:
            message = f"This value must be greater than or equal to {self.least}."
            raise Refusal(message, code="parameter_invalid_integer", param=where)
        if number > self.most:
            message = f"This value must be less than or equal to {self.most}."
            raise Refusal(message, code="parameter_invalid_integer", param=where)
        return number


@dataclass(frozen=True, kw_only=True)
class Flag:
    """true or false."""

    required: bool = False

    def read(self, raw: Any, where: str) -> bool:
        word = _word(raw, where)
        if word not in {"true", "false"}:
            raise Refusal(f"Invalid boolean: {word}", param=where)
        return word == "true"


@dataclass(frozen=True)
class Choice:
    """One of several words."""

    words: tuple[str, ...]
    required: bool = False

    def read(self, raw: Any, where: str) -> str:
        word = _word(raw, where)
        if word not in self.words:
            named = ", ".join(self.words[:-1]) + " or " + self.words[-1] if self.words[1:] else self.words[0]
            raise Refusal(f"Invalid {where}: must be one of {named}", param=where)
        return word


@dataclass(frozen=True, kw_only=True)
class Address:
    """An absolute http(s) address."""

    required: bool = False

    def read(self, raw: Any, where: str) -> str:
        word = _word(raw, where)
        parts = urlsplit(word)
        if parts.scheme not in {"http", "https"} or not parts.netloc or len(word) > 5000:
            raise Refusal("Not a valid URL", code="url_invalid", param=where)
        return word


@dataclass(frozen=True, kw_only=True)
class Email:
    """An e-mail address, looked at as loosely as a form does."""

    required: bool = False

    def read(self, raw: Any, where: str) -> str:
        word = _word(raw, where)
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", word) or len(word) > 800:
            raise Refusal(f"Invalid email address: {word}", code="email_invalid", param=where)
        return word


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """Up to 50 pairs: keys of up to 40 characters without brackets, values of up to 500."""

    required: bool = False

    def read(self, raw: Any, where: str) -> dict[str, str]:
        if raw == "":
            return {}
        if not isinstance(raw, dict) or not all(isinstance(value, str) for value in raw.values()):
            raise Refusal("Invalid object", param=where)
        if len(raw) > 50:
            raise Refusal(f"You can only have up to 50 keys in {where}; you passed {len(raw)}.", param=where)
        for key, value in raw.items():
            if len(key) > 40:
                message = (
                    f"Metadata keys can have up to 40 characters, but you passed in one that is {len(key)}"
                )
                raise Refusal(message, param=where)
            if len(value) > 500:
                message = f"Metadata values can have up to 500 characters, but you passed in one that is {len(value)}"
                raise Refusal(message, param=f"{where}[{key}]")
        return {key: value for key, value in raw.items() if value}


@dataclass(frozen=True)
class Rows:
    """A list."""

    each: Field
    most: int = 100
    required: bool = False

    def read(self, raw: Any, where: str) -> list[Any]:
        if not isinstance(raw, dict) or not all(key.isdecimal() for key in raw):
            raise Refusal("Invalid array", param=where)
        if len(raw) > self.most:
            raise Refusal(f"{where} can have at most {self.most} entries.", param=where)
        ordered = sorted(raw, key=int)
        return [self.each.read(raw[key], f"{where}[{key}]") for key in ordered]


@dataclass(frozen=True)
class Record:
    """Named parameters, each by its own description; anything else is refused."""

    fields: Mapping[str, Field] = field(default_factory=dict)
    required: bool = False

    def read(self, raw: Any, where: str = "") -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise Refusal("Invalid object", param=where)
        name = (lambda key: f"{where}[{key}]") if where else str
        for key in raw:
            if key not in self.fields:
                raise unknown(name(key))
        for key, each in self.fields.items():
            if each.required and key not in raw:
                raise absent(name(key))
        return {key: self.fields[key].read(value, name(key)) for key, value in raw.items()}
