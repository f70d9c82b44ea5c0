"""The wallet: what somebody won, what happens next, and what they decide about it."""

from app.pages.rewards import answering, page

HANDLERS = (*page.HANDLERS, *answering.HANDLERS)
