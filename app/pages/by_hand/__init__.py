"""Posts that people hand in, figures that they state or bring as files, and those who look at both."""

from app.pages.by_hand import answering, handing_in, importing, queue, rows

HANDLERS = (
    *handing_in.HANDLERS,
    *queue.HANDLERS,
    *answering.HANDLERS,
    *importing.HANDLERS,
    *rows.HANDLERS,
)
