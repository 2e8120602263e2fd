"""Lookups with values that no column can hold."""

from typing import Any

from django.db import models
from django.db.models.lookups import In

#: The limits of an integer column, on either database.
LEAST, GREATEST = -(2**63), 2**63 - 1


@models.IntegerField.register_lookup
class InRange(In):
    """`in` without the numbers that no column holds, like Django's `exact`.

    Forms and lists use it to look up choices. SQLite takes no greater number as a parameter, and a
    forged one would be a server error instead of an invalid choice.
    """

    def get_prep_lookup(self) -> Any:
        values = super().get_prep_lookup()
        if not self.rhs_is_direct_value():
            return values
        return [each for each in values if not isinstance(each, int) or LEAST <= each <= GREATEST]
