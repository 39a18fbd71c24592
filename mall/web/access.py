"""Who may see a page: typed ways to ask for somebody who is signed in, and for a permission of staff."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import current_app
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mall.core.errors import Forbidden
from mall.domain.members.queries import SignedIn

P = ParamSpec("P")
R = TypeVar("R", bound=ResponseReturnValue)


def me() -> SignedIn:
    """The member who is signed in, on a page that asks for one."""
    return cast(SignedIn, current_user._get_current_object())


def members_only(view: Callable[P, R]) -> Callable[P, ResponseReturnValue]:
    """A visitor is asked to sign in first, and comes back afterwards."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if not current_user.is_authenticated:
            return cast(ResponseReturnValue, current_app.login_manager.unauthorized())  # type: ignore[attr-defined]  # set by flask-login
        return view(*args, **kwargs)

    return guarded


def needs(permission: str) -> Callable[[Callable[P, R]], Callable[P, ResponseReturnValue]]:
    """Only staff whose role allows it; anybody else who is signed in gets Forbidden (403)."""

    def decorate(view: Callable[P, R]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if not me().can(permission):
                raise Forbidden
            return view(*args, **kwargs)

        return members_only(guarded)

    return decorate
