"""A stand-in for Stripe's API, for development and tests only: no money moves.

It knows nothing of the shop that uses it, and the shop knows nothing of it: the official SDK talks to it over HTTP
(or in the same process, see devstripe.testing) as it would talk to Stripe.
"""

from devstripe.app import App, create_app
from devstripe.world import API_VERSION, Settings

__all__ = ["API_VERSION", "App", "Settings", "create_app"]
