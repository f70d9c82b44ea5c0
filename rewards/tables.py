"""Contests and rewards as Piccolo tables. `piccolo_migrations/rewards_2026_11_22.sql` is the definition
(it also has the checks and triggers that Piccolo cannot say); a test holds the two against each other.
"""

from __future__ import annotations

from piccolo.columns import Date, Serial, Text
from piccolo.table import Table


class Budget(Table):
    """Money of one currency, or vacation days, for a stretch of time."""

    id = Serial(primary_key=True)
    name = Text(required=True, null=False, default=None)
    starts_on = Date(required=True, null=False, default=None)
    ends_on = Date(required=True, null=False, default=None)
