"""Drafts of the rules waiting to be run over the past: asked for by a page, run by a worker."""

from app.what_ifs.asking import MOST_WAITING, Asked, Job, TooManyWaiting, ask, job
from app.what_ifs.running import run_next

__all__ = ["MOST_WAITING", "Asked", "Job", "TooManyWaiting", "ask", "job", "run_next"]
