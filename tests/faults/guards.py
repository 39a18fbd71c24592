"""The guards that keep money, points, stock and codes right, each with what is left when it is taken away.

`tests.faults.mutants` takes them away one by one. A guard names the tests that must notice; without any it is the simulator.
"""

from tests.faults.guard import ITEMS, ORDERS, PAYMENTS, Guard
from tests.faults.ledger_guards import FORESIGHT
from tests.faults.refund_guards import REFUNDS

GUARDS = (
    # Placing and stock
    Guard(
        f"{ITEMS}/stock.py", "_SELL = _here.where(_enough)", "_SELL = _here",
        "more is sold than there is", ("tests/orders/test_place.py",),
    ),
    Guard(
        f"{ITEMS}/stock.py", "_RESERVE = _here.where(_enough)", "_RESERVE = _here",
        "more is reserved than there is",
    ),
    Guard(
        f"{ORDERS}/service.py", "if (prior := _again(rows, request)) is not None:",
        "if (prior := _again(rows, request)) is not None and False:", "a double click is two orders",
    ),
    Guard(
        f"{ORDERS}/service.py", "hold=due", "hold=False",
        "points are spent before the cash has come",
    ),
    Guard(
        f"{ORDERS}/limits.py", '.where(_THIS, counter.c.used + bindparam("n") <= bindparam("most"))',
        ".where(_THIS)", "limits per member do not hold", ("tests/orders/test_limits.py",),
    ),
    Guard(
        f"{ORDERS}/agreeing.py",
        "if priced.points > old.row.points or priced.cash > old.row.cash:",
        "if False:", "somebody pays more than they agreed to", ("tests/orders/test_place.py",),
    ),
    # Asking Stripe
    Guard(
        "mall/web/paying.py", "create_session(attempt.request, key=attempt.key)",
        'create_session(attempt.request, key=f"{attempt.key}-{attempt.calls}")',
        "asking again makes a second session",
        ("tests/orders/test_cash.py",),
    ),
    Guard(
        "mall/web/paying.py", "attempts.unknown(order_id, attempt.id, str(error), at=now())",
        "attempts.refused(order_id, attempt.id, str(error), at=now())",
        "no answer counts as no session", ("tests/orders/test_cash.py",),
    ),
    Guard(
        "mall/web/paying.py", "        if attempts.is_over(attempt, at=at):", "        if False:",
        "a key older than a day is used again", ("tests/orders/test_cash.py",),
    ),
    Guard(
        f"{ORDERS}/attempts.py", "look=claimed.calls > ASK_FIRST or is_over(claimed, at=at)",
        "look=is_over(claimed, at=at)", "an error that Stripe has stored is asked for again and again",
        ("tests/orders/test_cash.py::test_a_stored_error_is_looked_through_and_the_session_behind_it_found",),
    ),
    Guard(
        f"{PAYMENTS}/service.py",
        "sa.or_(_columns.called_at.is_(None), _columns.called_at <= at - rules.STALE)", "sa.true()",
        "two have one attempt in hand at once", ("tests/payments/test_attempts.py",),
    ),
    Guard(
        "mall/web/paying.py", "attempt.livemode != gateway().livemode", "False", "a test key ends what is live",
        ("tests/admin/test_waiting.py::test_a_live_session_is_not_declared_over_with_a_test_key",),
    ),
    Guard(
        "mall/web/paying.py", " and not recent:", ":", "each look at a page is a question to Stripe",
        ("tests/checkout/test_asking_seldom.py::test_what_was_read_just_now_is_not_asked_for_again",),
    ),
    Guard(
        f"{PAYMENTS}/glances.py", "asked.asking or timedelta()", "timedelta()",
        "a slow Stripe is asked by every return page at once",
        ("tests/checkout/test_asking_seldom.py::test_while_one_return_page_waits_for_stripe_the_others_do_not",),
    ),
    # Settling
    Guard(
        f"{ORDERS}/settling.py", "goods = order.cash - order.delivery_fee", "goods = order.cash", "delivery earns points",
        ("tests/orders/test_cash.py::test_the_goods_earn_points_and_their_delivery_none",),
    ),
    Guard(
        f"{ORDERS}/settling.py", " or attempt.order_id != order.id:", ":", "a session moves another's order",
        ("tests/orders/test_cash.py::test_a_session_of_another_order_moves_neither",),
    ),
    Guard(
        "mall/worker/cash.py", 'each("cash", unseen, lambda', 'each("cash", (), lambda', "a payment that nobody tells of is never found",
        ("tests/orders/test_cash.py::test_the_sweep_finds_a_payment_whose_webhook_never_came",),
    ),
    Guard(
        f"{ORDERS}/settling.py", "if paid and order.state in rules.WAITING:", "if paid:",
        "an order that is paid, or closed, is paid again",
    ),
    Guard(
        f"{ORDERS}/settling.py",
        'if order.state != "expiring" or any(one.state != "closed" for one in payments.of_order(order.id)):',
        'if order.state != "expiring":', "points and stock go back while somebody may still pay",
    ),
    Guard(
        f"{ORDERS}/settling.py", "for stray in paid:", "for stray in ():",
        "money for an order that was closed stays with us",
    ),
    Guard(
        f"{ORDERS}/settling.py", "lots = ledger.capture(hold, key=key, actor=actor, at=at).lots", "pass",
        "points stay held though the order is paid",
    ),
    Guard(
        f"{ORDERS}/settling.py", "    stock.sell_reserved(units, ref=ref, actor=actor, at=at)\n", "",
        "what is sold stays reserved",
    ),
    Guard(
        f"{ORDERS}/settling.py", "    stock.release(units, ref=ref, actor=actor, at=at)\n", "",
        "stock of a closed order is lost",
    ),
    Guard(
        f"{ORDERS}/settling.py",
        "    limits.give_back(order.member_id, _by_offer(order), day=order.placed_on)\n", "",
        "an order that came to nothing counts against the member's limit",
    ),
    Guard(
        f"{PAYMENTS}/service.py", "state = rules.later(before.state, rules.state_of(session))",
        "state = rules.state_of(session)", "old news undo a payment",
        ("tests/payments/test_attempts.py",),
    ),
    Guard(
        f"{PAYMENTS}/rules.py", '            ("amount", session.amount, expected.amount),\n', "",
        "another amount than was asked for pays an order", ("tests/payments/test_rules.py",),
    ),
    Guard(
        f"{PAYMENTS}/rules.py", '            ("livemode", session.livemode, expected.livemode),\n', "",
        "test money pays for real goods", ("tests/payments/test_rules.py",),
    ),
    Guard(
        f"{PAYMENTS}/rules.py", 'if session.status == "complete" and session.payment_status == "paid":',
        'if session.status in ("open", "complete"):', "whoever comes back from Stripe has paid",
        ("tests/checkout/test_paying.py::test_a_forged_return_never_pays_and_tells_the_truth",),
    ),
    Guard(
        f"{ORDERS}/settling.py", 'paid = [one for one in paid if one.id == (by or {}).get("payment")] or paid', "pass",
        "the payment that paid an order is taken for the one too many", ("tests/orders/test_attempts.py",),
    ),
    # Webhooks
    Guard(
        f"{PAYMENTS}/events.py",
        "return write_connection().execute(statement.returning(_event.id)).first() is not None",
        "write_connection().execute(statement.returning(_event.id))\n    return True",
        "a webhook that comes again is applied again", ("tests/payments/test_events.py",),
    ),
    Guard(
        f"{PAYMENTS}/gateway.py",
        "            stripe.WebhookSignature.verify_header(payload, signature, self._webhook_secret, TOLERANCE)",
        "            pass", "anybody can say what Stripe has said",
    ),
    Guard(
        "mall/worker/stripe_events.py", "    _believe(event, told, attempt)\n", "",
        "a false webhook is not noticed", ("tests/checkout/test_webhook.py",),
    ),
    Guard(
        "mall/worker/stripe_events.py", "if at - event.received_at < PATIENCE:", "if False:",
        "a webhook that comes too early is lost",
        ("tests/faults/test_early_news.py::test_a_webhook_before_the_commit_is_applied_after_it",),
    ),
    Guard(
        "mall/checkout/webhook.py",
        "livemode=stripe.livemode, at=at):\n            outbox.add(\"stripe.event\", {\"event_id\": event.id}, at=at)\n",
        "livemode=stripe.livemode, at=at):\n            kept = True\n        else:\n            kept = False\n"
        "    if kept:\n        with transaction():\n"
        "            outbox.add(\"stripe.event\", {\"event_id\": event.id}, at=at)\n",
        "a webhook is kept, and whoever kept it dies before anybody is told to apply it",
        ("tests/faults/test_early_news.py::test_killed_after_a_webhook_is_kept_it_is_applied_all_the_same",),
    ),
    Guard(
        "mall/worker/delivery.py",
        "                    except Exception as error:\n                        total += self._ended(message, error)\n",
        "                    except ZeroDivisionError as error:\n                        total += self._ended(message, error)\n",
        "an event that cannot be applied takes those behind it along",
        ("tests/faults/test_early_news.py::test_a_poison_event_leaves_those_behind_it_alone",),
    ),
    # The worker
    Guard(
        "mall/worker/rounds.py", "        except Exception as error:", "        except ZeroDivisionError as error:",
        "one row that cannot be dealt with keeps a job from all the others", ("tests/worker/test_poison.py",),
    ),
    Guard(
        "mall/worker/rounds.py", "silent = 0 if isinstance(error, Unreadable) else silent + 1", "silent += 1",
        "three answers that cannot be read end a round for all behind them",
        ("tests/worker/test_other_uses.py::test_answers_that_cannot_be_read_end_no_round",),
    ),
    # The nightly comparison
    Guard(
        f"{PAYMENTS}/gateway.py", "if mark(one, rules.ATTEMPT))", "if objects.session(one))",
        "a session that somebody else made on the account blinds the night",
        ("tests/worker/test_other_uses.py::test_a_session_of_another_use_does_not_blind_the_night",),
    ),
    Guard(
        f"{PAYMENTS}/unread.py", "            tell(describe(one, error))", "            raise",
        "a session of ours that cannot be read hides all others",
        ("tests/worker/test_other_uses.py::test_a_session_of_ours_that_cannot_be_read_is_told_and_the_others_are_looked_at",),
    ),
    Guard(
        f"{PAYMENTS}/reconciling.py", "for session in listed if session is not own)", "for session in ())",
        "of two sessions by one name nobody hears",
        ("tests/worker/test_other_uses.py::test_two_sessions_by_one_name_do_not_hide_each_other",),
    ),
    *REFUNDS,
    *FORESIGHT,
    # Codes
    Guard(
        f"{ITEMS}/code_giving.py", '        _code.c.state == "free",\n        _code.c.expires_at',
        "        _code.c.expires_at", "a code is given that somebody has already",
    ),
    Guard(
        f"{ORDERS}/settling.py", "        fulfilling.on_paid(order.id, actor=actor, at=at)\n", "        pass\n",
        "codes are paid for and not handed over", ("tests/codes/test_giving.py", "tests/codes/test_checkout.py"),
    ),
    Guard(
        f"{ORDERS}/claims.py", "AGAINST_ORDER = ~(", "AGAINST_ORDER = sa.true() | (",
        "a dispute over stray money is counted against the order that another payment paid for",
        ("tests/orders/refunding/test_disputed_strays.py",),
    ),
    Guard(
        f"{ORDERS}/disputes.py", "        taken = 0 if stray else _take", "        taken = _take",
        "a dispute over stray money takes back what the order's own cash has earned",
        ("tests/orders/refunding/test_disputed_strays.py",),
    ),
    Guard(
        f"{ORDERS}/disputes.py", "        banked.settle_all(payment.id, at=at)\n", "        pass\n",
        "what the bank has taken itself is sent once more by staff",
        ("tests/orders/refunding/test_disputed_strays.py",),
    ),
    Guard(
        f"{ORDERS}/refunding/sending.py", "    banked.check(row.payment_id)\n", "",
        "cash is given back by hand that the bank may yet take", ("tests/orders/refunding/test_disputed_strays.py",),
    ),
    Guard(
        f"{ORDERS}/fulfilling.py", "    if disputes.freeze(order_id):\n        return 0\n", "",
        "codes are given though the bank has taken their cash back", ("tests/codes/test_waiting.py",),
    ),
    Guard(
        f"{ORDERS}/fulfilling.py", "again_only=frozen", "again_only=False",
        "codes are shown though the bank has taken their cash back", ("tests/codes/test_waiting.py",),
    ),
    Guard(
        "mall/worker/schedule.py", "    while page := fulfilling.waiting(at=at, after=after):\n        yield from page\n",
        "    if page := fulfilling.waiting(at=at, after=after):\n        yield from page\n",
        "whoever waits for codes behind a hundred others never gets any", ("tests/codes/test_waiting.py",),
    ),
    # The database
    Guard(
        "mall/core/db.py", "        except BaseException:\n            session.rollback()\n",
        "        except BaseException:\n            session.commit()\n", "half of what failed is kept",
        ("tests/web/test_errors.py::test_a_write_that_fails_leaves_nothing_half_done",),
    ),
    Guard(
        "mall/web/errors.py", "for away in AWAY:", "for away in ():",
        "a database that is busy, full or away looks like a mistake of ours",
        ("tests/faults/test_database.py::test_lost_at_any_statement_an_order_is_there_or_not_as_its_member_is_told",),
    ),
    Guard(
        "mall/web/paying.py", "    except AWAY as error:", "    except ZeroDivisionError as error:",
        "somebody is told that nothing was changed, whose order was placed",
        ("tests/faults/test_database.py::test_lost_at_any_statement_an_order_is_there_or_not_as_its_member_is_told",),
    ),
    # Clocks
    Guard(
        "mall/domain/earning/rules.py", "datetime.combine(last + timedelta(days=1), time(), ZoneInfo(zone))",
        "datetime.combine(last + timedelta(days=1), time(), UTC)", "a month ends by Greenwich",
        ("tests/earning/test_rules.py::test_the_end_of_the_month_is_local_across_daylight_saving",),
    ),
    Guard(
        f"{ORDERS}/service.py", "clock.local_day(at, zone)", "at.date()", "a day ends by Greenwich",
        ("tests/orders/test_limits.py::test_a_daily_limit_begins_anew_at_local_midnight",),
    ),
    Guard(
        f"{ORDERS}/expiring.py", " or order.expires_at is None or order.expires_at > at:", ":",
        "an order is over before its time",
        ("tests/faults/test_late_news.py::test_nothing_is_over_before_its_time_and_nothing_twice",),
    ),
)  # fmt: skip
