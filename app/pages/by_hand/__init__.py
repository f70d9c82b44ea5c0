"""Posts that people hand in, figures that they state, and those who look at both."""

from app.pages.by_hand import answering, handing_in, queue

HANDLERS = (*handing_in.HANDLERS, *queue.HANDLERS, *answering.HANDLERS)
