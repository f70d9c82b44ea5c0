"""A published contest for HR: where it stands, who won and why, and what can still be changed."""

from app.pages.contest_run import deeds, evidence, page

HANDLERS = (*page.HANDLERS, *evidence.HANDLERS, *deeds.HANDLERS)
