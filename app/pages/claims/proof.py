"""`/proof/{code}`: what somebody reads who follows the address from a profile.

Law: it says the same for every code, also for one that was never given: nobody learns from it who has
an account, or who takes part.
"""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from app.pages.fragment import page


@get("/proof/{code:str}")
async def proof(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[Any]:
    """A sentence for whoever wonders."""
    return page(request, "claims/proof.html", {})
