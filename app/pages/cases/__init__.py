"""Cases: HR's queue and each case with what decides it; “This is wrong” and one's own answers."""

from app.pages.cases import deciding, one, own, queue, wrong

HANDLERS = (queue.queue, one.one, deciding.answer, wrong.ask, wrong.dispute_it, own.own)
