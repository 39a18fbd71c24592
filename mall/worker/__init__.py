"""The worker: a surface whose routes are tasks. Delivers the outbox, and does what the clock asks for."""
