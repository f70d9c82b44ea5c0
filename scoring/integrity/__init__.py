"""Integrity: what looks arranged is found, held, and put before a person.

Laws: a finding is a question, never a verdict; what it holds is held, never deleted, and counts at its
original time once released; honest virality is never held; texts under twelve words never matter;
outsiders are ids. Detection is not replayed: what it found is (design section 5).
"""

from scoring.integrity.detect import detect
from scoring.integrity.detectors import detectors
from scoring.integrity.finding import Finding
from scoring.integrity.happened import Happened
from scoring.integrity.watch import Watched, due_to_watch, watch

__all__ = ["Finding", "Happened", "Watched", "detect", "detectors", "due_to_watch", "watch"]
