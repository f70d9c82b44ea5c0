"""The one guarded way out: whatever Fanfare asks or tells somebody else goes through here."""

from app.going_out.fault import NotReachable, OutsideAway, OutsideRefused
from app.going_out.outside import MOST_BYTES, MOST_HOPS, Outside, going_out
from app.going_out.reach import (
    GuardedNetwork,
    Networks,
    checked_url,
    in_networks,
    inside,
    may_reach,
)
from app.going_out.transport import GuardedTransport

__all__ = [
    "MOST_BYTES",
    "MOST_HOPS",
    "GuardedNetwork",
    "GuardedTransport",
    "Networks",
    "NotReachable",
    "Outside",
    "OutsideAway",
    "OutsideRefused",
    "checked_url",
    "going_out",
    "in_networks",
    "inside",
    "may_reach",
]
