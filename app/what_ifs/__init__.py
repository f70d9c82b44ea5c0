"""Drafts of the rules waiting to be run over the past: asked for by a page, run beside a worker."""

from app.what_ifs.asking import MOST_WAITING, Asked, Job, TooManyWaiting, ask, job
from app.what_ifs.process import counted_elsewhere
from app.what_ifs.running import counted_by, run_next

__all__ = [
    "MOST_WAITING",
    "Asked",
    "Job",
    "TooManyWaiting",
    "ask",
    "counted_by",
    "counted_elsewhere",
    "job",
    "run_next",
]
