"""Django's PostgreSQL, with two costs taken out of it: see docs/decisions/0055.

Named in the settings where the database is PostgreSQL; nothing imports it.
"""
