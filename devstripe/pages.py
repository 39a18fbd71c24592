"""The pages for people."""

from werkzeug.wrappers import Request, Response

from devstripe.world import World


def answer(world: World, request: Request) -> Response:
    """A page."""
    return Response("not found", 404)
