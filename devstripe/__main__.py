"""`python -m devstripe`: the stand-in as a process of its own, on this machine alone."""

import argparse
import signal
import sys
from typing import NoReturn

from devstripe.app import Refused, create_app
from devstripe.server import LOOPBACK, serve


def main(words: list[str] | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C. Refuses to start in production, and on any address but this machine's."""
    options = _parser().parse_args(words)
    if options.host not in {LOOPBACK, "localhost"}:
        sys.exit(f"devstripe listens on this machine alone (127.0.0.1), not on {options.host}.")
    try:
        app = create_app(
            api_key=options.api_key,
            secret=options.secret,
            webhook=options.webhook,
            database=options.database,
            seed=options.seed,
            deliver=options.deliver,
        )
    except Refused as reason:
        sys.exit(str(reason))
    server = serve(app, options.port)
    url = f"http://{LOOPBACK}:{server.port}"
    app.world.public_url = (options.public_url or url).rstrip("/")
    signal.signal(signal.SIGTERM, _stop)
    print(f"Development Stripe on {url}: no money moves.", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
        app.close()


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m devstripe", description="A stand-in for Stripe's API, for development and tests only."
    )
    parser.add_argument("--host", default=LOOPBACK, help="127.0.0.1; anything else is refused")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument(
        "--webhook", help="where signed events go, such as http://127.0.0.1:8000/stripe/webhook"
    )
    parser.add_argument("--secret", default="whsec_devstripe", help="what webhooks are signed with")
    parser.add_argument("--api-key", default="sk_test_devstripe", help="the key that the shop must give")
    parser.add_argument("--database", help="a file that keeps everything (default: memory)")
    parser.add_argument("--public-url", help="under which browsers reach the pay page")
    parser.add_argument("--seed", type=int, help="the same ids again at each run")
    parser.add_argument(
        "--deliver", choices=("auto", "manual"), default="auto", help="webhooks: at once, or when told"
    )
    return parser


if __name__ == "__main__":
    main()
