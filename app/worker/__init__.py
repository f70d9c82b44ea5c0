"""The worker: from deliveries to points to boards, and what must happen because time passes."""

from app.worker.worker import run, spare_the_collector

__all__ = ["run", "spare_the_collector"]
