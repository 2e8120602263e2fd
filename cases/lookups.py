"""What a query is asked that no column can answer."""

from typing import Any

from django.db import models
from django.db.models.lookups import In

#: What a column of whole numbers holds at most, on either database.
LEAST, GREATEST = -(2**63), 2**63 - 1


@models.IntegerField.register_lookup
class InRange(In):
    """`in` without the numbers that no column holds, as Django's `exact` is.

    Choices of forms and lists are looked up by it. SQLite takes no greater number as a parameter,
    and a forged one would be a server error instead of a choice that there is not.
    """

    def get_prep_lookup(self) -> Any:
        values = super().get_prep_lookup()
        if not self.rhs_is_direct_value():
            return values
        return [each for each in values if not isinstance(each, int) or LEAST <= each <= GREATEST]
