"""The guards of refunds, for `tests.faults.guards`."""

from tests.faults.guard import ORDERS, PAYMENTS, Guard

REFUNDS = (
    Guard(
        f"{ORDERS}/refunding/facts.py", ", ~_stray.correlate(orders, payment))", ")", "what went back goes back again",
        ("tests/orders/test_attempts.py::test_a_refund_goes_by_the_payment_that_paid_though_another_came_first_by_number",),
    ),
    Guard(
        f"{ORDERS}/refunding/sending.py", "if (found.amount, found.currency) != (row.cash, row.currency) or not known:",
        "if False:", "another refund is taken for ours",
        ("tests/orders/refunding/test_mirroring.py::test_another_refund_is_not_taken_for_ours",),
    ),
    Guard(
        f"{PAYMENTS}/service.py", ", _columns.refunding + amount <= _columns.captured)", ")",
        "more goes back than came in", ("tests/payments/test_attempts.py",),
    ),
    Guard(
        f"{ORDERS}/refunding/requesting.py", "if form_key and (", "if False and form_key and (",
        "a form sent twice is refunded twice", ("tests/orders/refunding/test_sources.py",),
    ),
    Guard(
        f"{ORDERS}/refunding/requesting.py", "if expect is not None and expect != shown.hash:", "if False:",
        "something else is refunded than what was shown", ("tests/orders/refunding/test_sources.py",),
    ),
    Guard(
        f"{ORDERS}/refunding/sending.py", "    key = _name(row)\n", '    key = f"{_name(row)}-{row.calls}"\n',
        "a refund that was not answered goes back twice", ("tests/orders/refunding/test_sending.py",),
    ),
    Guard(
        f"{ORDERS}/refunding/sending.py", "row.attempt > 1 or at - row.requested_at >= LOOK_AFTER", "row.attempt > 1",
        "a refund whose key Stripe has forgotten goes back twice",
        ("tests/orders/refunding/test_sending.py",),
    ),
    Guard(
        f"{ORDERS}/refunding/sending.py", "    look_first = row.attempt > 1 or at", "    look_first = at",
        "a restored database sends a refund again that had arrived", ("tests/orders/refunding/test_restored.py",),
    ),
    Guard(
        f"{ORDERS}/refunding/sending.py", 'if row.state in rules.before("refund", after) and after == "failed":',
        'if row.state == "sent" and after == "failed":', "a refund that fails days later is noticed by nobody",
        ("tests/orders/refunding/test_sending.py::test_a_refund_that_fails_late_is_a_task_and_points_are_given_once",),
    ),
    Guard(
        f"{ORDERS}/refunding/writing.py", "    if shown.earned_back:\n", "    if False:\n",
        "what the cash has earned stays after a refund", ("tests/orders/refunding/test_sources.py",),
    ),
    Guard(
        f"{ORDERS}/refunding/rules.py",
        "units.unsent + (units.returned if restock and line.kind in RESTOCKABLE else 0)", "n",
        "what did not come back stands on the shelf", ("tests/orders/refunding/test_sources.py",),
    ),
    Guard(
        f"{ORDERS}/shipping.py", "    disputes.check(order.id)\n", "",
        "goods leave while the bank takes their money back", ("tests/orders/refunding/test_sending.py",),
    ),
)  # fmt: skip
