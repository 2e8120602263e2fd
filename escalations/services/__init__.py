"""Business actions, each in one transaction: the only callers of the escalation's transitions.

Every service is keyword-only and takes `actor` and `now`. It locks the case, then the escalation,
and checks after the lock. A refusal is an exception of `cases.errors`, and leaves nothing behind.
"""
