"""What nobody decides: the worker's turns, the clock, Stripe's webhooks and faults, banks that change their minds."""

from datetime import timedelta

from mall.worker import running, schedule
from mall.worker.comparing import BACK
from tests.simulator.world import World

FAULTS = (
    "timeout_before", "timeout_after", "reset_before", "reset_after", "error_before", "error_after", "rate_limit",
)  # fmt: skip
PATHS = ("/v1/*", "/v1/checkout/sessions", "/v1/checkout/sessions/*", "/v1/refunds*")


def deliver(world: World) -> str:
    """The worker takes its turn at the outbox."""
    tally = running.deliver()
    return f"the worker delivers {tally.delivered}, fails {tally.failed}" if tally else ""


def do_a_job(world: World) -> str:
    """One of the worker's jobs comes up."""
    job = world.luck.choice(schedule.JOBS)
    done = schedule.run(job)
    if done is None and not world.life.dead:
        world.wrong.append(f"the job {job.name} failed")
    return f"{job.name}: {done}"


def do_all_jobs(world: World) -> str:
    """The worker starts anew: it does all that is due."""
    tally, jobs = running.once()
    failed = [name for name, done in jobs.items() if done is None]
    if failed and not world.life.dead:
        world.wrong.append(f"the jobs {', '.join(failed)} failed")
    return f"the worker does all that is due: {tally.delivered} delivered"


def wait_a_little(world: World) -> str:
    """Seconds or minutes pass."""
    return _pass(world, timedelta(seconds=world.luck.choice((1, 5, 31, 65, 125, 300, 600))))


def wait_long(world: World) -> str:
    """So much time passes that something runs out: the reservation, the session, a day, a month."""
    minutes = world.luck.choice((14, 15, 16, 31, 60, 60 * 7, 60 * 24, 60 * 25, 60 * 24 * 31))
    return _pass(world, timedelta(minutes=minutes, seconds=world.luck.choice((-1, 0, 1))))


def _pass(world: World, by: timedelta) -> str:
    world.pass_time(by)
    return f"{by} later"


def break_stripe(world: World) -> str:
    """The next calls of Stripe go wrong."""
    kind, path = world.luck.choice(FAULTS), world.luck.choice(PATHS)
    times = world.luck.choice((1, 1, 2, 5))
    world.stripe.control.fault(kind, times=times, path=path)
    return f"Stripe: {times} x {kind} for {path}"


def tell(world: World) -> str:
    """Webhooks come: all that are held, or a few of any age, in any order, several times."""
    if world.chance(0.5):
        done = world.stripe.control.deliver(copies=world.luck.choice((1, 1, 2)))
        return f"{len(done)} webhooks" if done else ""
    events = [one["id"] for one in world.things("event")]
    some = world.luck.sample(events, min(len(events), world.luck.randrange(1, 6))) if events else []
    done = world.stripe.control.deliver(some, copies=world.luck.choice((1, 1, 3))) if some else []
    return f"{len(done)} webhooks, some of them old" if done else ""


def lie(world: World) -> str:
    """A webhook comes that is signed, and wrong in amount, currency or mode; or one that is not signed."""
    event = world.pick(
        [one["id"] for one in world.things("event") if one["type"].startswith("checkout.session.")]
    )
    if event is None:
        return ""
    twist = world.luck.choice(
        (
            {"set": {"amount_total": 1}},
            {"set": {"currency": "usd"}},
            {"event": {"livemode": True}},
            {"signature": "bad"},
            {"signature": "stale"},
            {"signature": "missing"},
        )
    )
    if "signature" not in twist:
        world.twisted.add(event)
    done = world.stripe.control.deliver([event], twist=twist)
    if "signature" in twist and any(one["status"] == 200 for one in done):
        world.wrong.append(f"a webhook with {twist} was taken")
    return f"a false webhook: {sorted(twist)[0]}"


def begin_refunds(world: World) -> str:
    """From now on refunds take their time, or are there at once."""
    status = world.luck.choice(("pending", "succeeded"))
    world.stripe.control.begin_refunds(status)
    return f"refunds begin as {status}"


def decide_refund(world: World) -> str:
    """A refund arrives, or a bank does not take it: perhaps days later."""
    chosen = world.pick([one for one in world.things("refund") if one["status"] in ("pending", "succeeded")])
    if chosen is None:
        return ""
    if chosen["status"] == "pending" and world.chance(0.6):
        world.stripe.control.settle_refund(chosen["id"])
        return "a pending refund arrives"
    world.stripe.control.fail_refund(chosen["id"])
    return "a refund fails"


def dispute(world: World) -> str:
    """A cardholder's bank asks for its money back, or has decided."""
    open_ones = [one for one in world.things("dispute") if one["status"] not in ("won", "lost")]
    if open_ones and world.chance(0.7):
        won = world.chance(0.5)
        world.stripe.control.close_dispute(world.luck.choice(open_ones)["id"], won=won)
        return f"a dispute is {'won' if won else 'lost'}"
    known = {one["payment_intent"] for one in world.things("dispute")}
    charges = [
        one for one in world.things("charge") if one["paid"] and one["payment_intent"] not in known
        and not one["refunded"]
    ]  # fmt: skip
    chosen = world.pick(charges)
    if chosen is None:
        return ""
    world.stripe.control.dispute(chosen["payment_intent"])
    return "a payment is disputed"


def pay_what_has_ended(world: World) -> str:
    """Money reaches a session that has expired, which Stripe says cannot happen.

    Only where a night looks still: its webhook may get lost as well, and nobody can tell of both a year later.
    """
    oldest = (world.now() - BACK + timedelta(days=2)).timestamp()
    expired = [one for one in world.things("checkout.session") if one["status"] == "expired"]
    chosen = world.pick([one for one in expired if one["created"] > oldest])
    if chosen is None:
        return ""
    outcome = world.stripe.control.pay(chosen["id"], late=True)["outcome"]
    return f"money for a session that had expired: {outcome}"
