"""Cash: Stripe's gateway, payment attempts as a mirror of Stripe's sessions, stored webhook events, disputes.

Knows nothing of orders but their number and id: the webhook route and the worker join the two.
"""
