"""Business actions, each in one transaction: the only callers of transitions.

Every service is keyword-only, takes `actor` and `now`, locks what it changes before it checks,
saves with a change reason, writes the feed, and queues the notices. A refusal is an exception of
`cases.errors`, and leaves nothing behind.
"""
