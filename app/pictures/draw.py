"""Winners' pictures drawn beside the loop: a few at a time, each once as long as it is remembered,
however many ask for it at once.

Law: the same winner and shape give the same bytes; nothing of a picture is kept but in memory.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

import resvg_py
from jinja2 import Environment
from litestar import Litestar

from app.pictures.card import Winner, values
from app.pictures.fonts import FONTS
from app.pictures.layout import Shape

_TEMPLATE: Final = "pictures/winner.svg"
_REMEMBERED: Final = 32  # of some 80 kB each
# Two at once: a picture takes a core for a tenth of a second, and pages are to be answered meanwhile.
_HANDS: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="pictures")
_remembered: OrderedDict[tuple[Winner, Shape], bytes] = OrderedDict()
_being_drawn: dict[tuple[Winner, Shape], asyncio.Future[bytes]] = {}


@asynccontextmanager
async def letters_kept(application: Litestar) -> AsyncIterator[None]:
    """Keep our fonts with the installation's data; what has no place there goes with the application."""
    FONTS.keep_in(application.state.settings.data_dir.absolute() / "picture-fonts")
    try:
        yield
    finally:
        FONTS.let_go()


async def drawn(environment: Environment, winner: Winner, shape: Shape) -> bytes:
    """The picture as PNG; CannotWrite where no font has the name's letters."""
    asked = (winner, shape)
    if asked in _remembered:
        _remembered.move_to_end(asked)
        return _remembered[asked]
    drawing = _being_drawn.get(asked)
    if drawing is None:
        loop = asyncio.get_running_loop()
        drawing = loop.run_in_executor(_HANDS, draw, environment, winner, shape)
        _being_drawn[asked] = drawing
        drawing.add_done_callback(partial(_remember, asked))
    # Whoever goes away does not take the work of the others along.
    return await asyncio.shield(drawing)


def _remember(asked: tuple[Winner, Shape], drawing: asyncio.Future[bytes]) -> None:
    _being_drawn.pop(asked, None)
    if drawing.cancelled() or drawing.exception() is not None:
        return
    _remembered[asked] = drawing.result()
    while len(_remembered) > _REMEMBERED:
        _remembered.popitem(last=False)


def draw(environment: Environment, winner: Winner, shape: Shape) -> bytes:
    """Draw it now, in this thread. The first one takes seconds: fonts are made ready."""
    given, hands = values(winner, shape)
    files = {str(path) for path in FONTS.files}
    files |= {str(font.path) for hand in hands for font in hand.fonts}
    return resvg_py.svg_to_bytes(
        svg_string=environment.get_template(_TEMPLATE).render(given),
        # Others than the ones measured with would draw another picture on every machine.
        skip_system_fonts=True,
        font_files=sorted(files),
    )
