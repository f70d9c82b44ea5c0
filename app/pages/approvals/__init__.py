"""Approvals: what waits for somebody's decision, one award with its evidence, who decides for whom."""

from app.pages.approvals import dates, deciders, deeds, one, queue

HANDLERS = (
    queue.queue,
    queue.approve_many,
    one.one,
    deeds.decide,
    deeds.take_back,
    deeds.left,
    deeds.settle,
    dates.confirm,
    dates.refuse,
    deciders.deciders,
    deciders.ask_somebody,
    deciders.end,
    deciders.limit,
)
