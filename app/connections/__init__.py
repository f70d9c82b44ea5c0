"""How Fanfare is connected to each network: what is set, what comes, what is refused, what is to be done."""

from app.connections.known import Known, Setting, Value, known_connections
from app.connections.words import MODES, State, pace_words, sentence_of, state_of, trouble_of

__all__ = [
    "MODES",
    "Known",
    "Setting",
    "State",
    "Value",
    "known_connections",
    "pace_words",
    "sentence_of",
    "state_of",
    "trouble_of",
]
