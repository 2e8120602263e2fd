"""Django's PostgreSQL backend without two of its costs: see docs/decisions/0055.

The settings name it if the database is PostgreSQL; nothing imports it.
"""
