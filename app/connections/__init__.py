"""How Fanfare is connected to each network: what is set, what comes, what is refused, what is to be done."""

from app.connections.known import Known, Setting, Value, known_connections
from app.connections.words import pace_words, state_of, trouble_of

__all__ = [
    "Known",
    "Setting",
    "Value",
    "known_connections",
    "pace_words",
    "state_of",
    "trouble_of",
]
