"""Refusals. A service raises one; one handler at the edge renders it as a page, a fragment or problem+json."""

from typing import Any, ClassVar


def N_(message: str) -> str:
    """Mark a message for translation where it is written; it is translated where it is shown."""
    return message


class MallError(Exception):
    """A refusal that a person can read. `params` fill the translated message; integers are formatted for the reader.

    Subclasses set `status` (HTTP), `code` (stable, for machines), `message` (marked with `N_`) and, where there is
    something to do about it, `hint`.
    """

    status: ClassVar[int] = 409
    code: ClassVar[str] = "refused"
    message: ClassVar[str] = N_("That is not possible just now.")
    hint: ClassVar[str] = ""

    def __init__(self, **params: Any) -> None:
        super().__init__(f"{self.code} {params}" if params else self.code)
        self.params = params


class NotFound(MallError):
    """The thing does not exist, or is not this person's to see: one answer for both."""

    status = 404
    code = "not_found"
    message = N_("We cannot find that page.")


class Forbidden(MallError):
    """The person is known, and may not do this."""

    status = 403
    code = "forbidden"
    message = N_("You may not do that.")


class BadValue(MallError):
    """A value that no form of ours would send."""

    status = 422
    code = "bad_value"
    message = N_("“%(value)s” cannot be used here.")


class KeyReused(MallError):
    """An idempotency key came again with another request."""

    status = 409
    code = "key_reused"
    message = N_("This request was already made with other contents. Nothing was changed.")
