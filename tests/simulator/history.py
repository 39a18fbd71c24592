"""One history: so many steps by chance, then quiet, then the reckoning."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from devstripe.testing import ControlError
from mall.core.db import db, transaction
from mall.core.errors import MallError
from mall.domain.outbox import service as outbox
from mall.domain.payments.errors import Refused, Unknown
from mall.worker import running
from tests.simulator import chance, checks, members, staff
from tests.simulator.dying import Killed
from tests.simulator.scenery import MEMBERS
from tests.simulator.stage import Stage
from tests.simulator.world import World, created

Act = Callable[[World], str]

#: What may happen, and how often.
ACTS: dict[Act, int] = {
    members.order: 14,
    members.buy: 10,
    members.confirm: 7,
    members.go_to_pay: 8,
    members.at_stripe: 18,
    members.come_back: 6,
    members.give_up: 5,
    members.cancel: 3,
    members.look_at_codes: 2,
    staff.send: 6,
    staff.refund: 7,
    staff.refund_what_is_out_of_date: 2,
    staff.stop_waiting: 2,
    staff.ask_stripe: 2,
    staff.see_to_refunds: 3,
    staff.count_stock: 5,
    staff.change_price: 3,
    staff.change_tier: 2,
    staff.give_points: 5,
    staff.raise_the_dead: 1,
    chance.deliver: 10,
    chance.do_a_job: 10,
    chance.do_all_jobs: 3,
    chance.wait_a_little: 10,
    chance.wait_long: 4,
    chance.break_stripe: 8,
    chance.tell: 10,
    chance.lie: 3,
    chance.begin_refunds: 2,
    chance.decide_refund: 3,
    chance.dispute: 2,
    chance.pay_what_has_ended: 1,
}
#: What others may do while a process waits for Stripe.
MEANWHILE: tuple[Act, ...] = (
    members.at_stripe,
    members.come_back,
    members.give_up,
    members.go_to_pay,
    staff.stop_waiting,
    staff.refund,
    staff.send,
    chance.deliver,
    chance.do_a_job,
    chance.tell,
    chance.wait_a_little,
)
STEPS = 40
#: Of 100 steps, how many die; and of 100 calls of Stripe, at how many others come in between.
DYING, BETWEEN = 0.15, 0.12


@dataclass(frozen=True)
class Outcome:
    """How a history went: its steps in words, the same in every replay, and what was wrong (nothing, it is hoped)."""

    seed: int
    lines: tuple[str, ...]
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join((*self.lines, *(f"WRONG: {one}" for one in self.wrong)))


def play(stage: Stage, seed: int, *, steps: int = STEPS, watch: int = 10) -> Outcome:
    """Play the history of a seed, with a look at the books after every `watch` steps. It ends where something is wrong."""
    with created(stage, seed, _meanwhile) as world:
        for name in MEMBERS * 3:
            _step(world, lambda w, name=name: f"{name} begins with {staff.earn(w, name)} points")
        for n in range(1, steps + 1):
            if world.wrong:
                break
            act = world.luck.choices(tuple(ACTS), tuple(ACTS.values()))[0]
            fuse = world.luck.randrange(9) if world.chance(DYING) else None
            _step(world, act, fuse)
            if n % watch == 0:
                _look(world, checks.short)
        if not world.wrong:
            _calm_down(world)
        if not world.wrong:
            _look(world, lambda: checks.in_the_end(world))
        return Outcome(seed, tuple(world.lines), tuple(world.wrong))


def _step(world: World, act: Act, fuse: int | None = None) -> None:
    """One act in a process of its own, which dies after `fuse` commits and calls."""
    name = getattr(act, "__name__", "").replace("_", " ")
    with world.app.app_context(), world.life.another(fuse):
        try:
            said = act(world)
        except Killed:
            said = name
        except MallError as refusal:
            said = f"{name}: refused, {refusal.code}"
        except (Unknown, Refused, ControlError) as trouble:
            said = f"{name}: {type(trouble).__name__}"
        except Exception as error:
            world.wrong.append("".join(traceback.format_exception(error)))
            said = f"{name}: {type(error).__name__}"
        finally:
            db.session.remove()
        if said:
            world.say(said + (" (killed)" if world.life.dead else ""))


def _meanwhile(world: World) -> None:
    """Others get their turn while a process talks to Stripe: nothing may be locked then."""
    if db.session().info.get("mall_writing"):
        world.wrong.append("Stripe was called inside a transaction")
        return
    if world.depth or world.calm or not world.chance(BETWEEN):
        return
    world.depth += 1
    try:
        _step(world, world.luck.choice(MEANWHILE))
    finally:
        world.depth -= 1


def _look(world: World, check: Callable[[], list[str]]) -> None:
    if world.wrong:
        return
    with world.app.app_context():
        world.wrong += check()
        db.session.remove()


def _calm_down(world: World) -> None:
    """No more faults: the worker does what is due until nothing is. Webhooks that were not sent yet may never come."""
    world.calm = True
    world.stripe.control.clear_faults()
    world.stripe.control.begin_refunds("succeeded")
    if world.chance(0.7):
        world.stripe.control.deliver()
    for wait in (2, 25, 45, 70, 70, 24 * 60, 24 * 60, 70):
        world.pass_time(timedelta(minutes=wait))
        _step(world, _work)
        for refund in world.things("refund"):
            if refund["status"] == "pending":
                world.stripe.control.settle_refund(refund["id"])
        with world.app.app_context():
            if not checks.unfinished():
                return


def _work(world: World) -> str:
    with transaction():
        outbox.retry(at=world.now())
    _, jobs = running.once()
    world.wrong += [f"the job {name} failed" for name, done in jobs.items() if done is None]
    return "the worker does all that is due"
