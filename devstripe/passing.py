"""What happens by itself as time passes: sessions expire, refunds that a test card delays come to their end."""

from devstripe import refunds, sessions
from devstripe.world import World


def catch_up(world: World) -> None:
    """Do everything that is due by the stand-in's clock."""
    now = world.now()
    if not world.store.due(now):
        return
    with world.store.transaction():
        world.cause = (None, None)
        for thing in world.store.due(now):
            if thing["object"] == "checkout.session":
                sessions.end(world, thing)
            else:
                refunds.settle(world, thing, failure="unknown" if thing["_will_fail"] else None)
    world.notify()
