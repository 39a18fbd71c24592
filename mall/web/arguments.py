"""Numbers and words in addresses: whatever somebody types there, the database gets what it can hold, or nothing."""

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

from mall.core.errors import BadValue
from mall.core.numbers import parse_whole

#: The largest key that a row can have (signed 64 bits).
LARGEST = 2**63 - 1


class RowNumber(IntegerConverter):
    """`<int:…>` in a route: a larger number than any row's is an address that does not exist."""

    def __init__(
        self,
        map: Map,
        fixed_digits: int = 0,
        min: int | None = None,
        max: int | None = LARGEST,
        signed: bool = False,
    ) -> None:
        super().__init__(map, fixed_digits=fixed_digits, min=min, max=max, signed=signed)


class Word(UnicodeConverter):
    """`<…>` in a route: a NUL, which no database keeps in a text, is in no name or number that we gave."""

    def __init__(
        self, map: Map, minlength: int = 1, maxlength: int | None = None, length: int | None = None
    ) -> None:
        super().__init__(map, minlength=minlength, maxlength=maxlength, length=length)
        self.regex = self.regex.replace("[^/]", r"[^/\x00]")


def whole(name: str, *, least: int = 0) -> int | None:
    """A whole number from the query string or the form, ASCII digits only; None if it is missing or no such number."""
    try:
        return parse_whole(request.values.get(name, ""), least=least)
    except BadValue:
        return None


def phrase(name: str, *, most: int = 120) -> str:
    """Words from the query string, without control characters (which no database would keep), cut to a length."""
    return "".join(c for c in request.args.get(name, "") if c.isprintable())[:most].strip()


def init_app(app: Flask) -> None:
    """Let every route that is added from now on have the bounded `<int:…>`, and the `<…>` that a database can hold."""
    app.url_map.converters |= {"int": RowNumber, "default": Word, "string": Word}
