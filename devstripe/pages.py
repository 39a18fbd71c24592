"""The pages for people: the pay page, its style sheet, and the look inside."""

from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from devstripe import dashboard, passing, paypage
from devstripe.render import style
from devstripe.world import World


def answer(world: World, request: Request) -> Response:
    """A page by its address."""
    if request.path == "/devstripe.css":
        return style()
    if request.path == "/favicon.ico":
        return Response(status=204)
    if request.method not in {"GET", "HEAD", "POST"}:
        return Response("Method not allowed\n", 405, {"Allow": "GET, HEAD, POST"})
    if request.method == "POST" and not _from_here(world, request):
        return Response("A form of another site\n", 403)
    passing.catch_up(world)
    if request.path.startswith("/pay/"):
        return paypage.answer(world, request)
    return dashboard.answer(world, request)


def _from_here(world: World, request: Request) -> bool:
    """Whether a form comes from our own page, as far as the browser tells."""
    origin = request.headers.get("Origin")
    public = urlsplit(world.public_url)
    return origin is None or origin in {request.host_url.rstrip("/"), f"{public.scheme}://{public.netloc}"}
