"""The way back from a network: whether it is the one that somebody left by, and what they said there.

Law: an answer to anybody else, from anywhere else, or a second time is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from redis.asyncio import Redis

from app.consent.apps import consent_at, host_of, label_of
from app.consent.company import COMPANYS_KIND
from app.consent.not_linked import NotLinked
from app.consent.pending import Leaving, digest, take
from app.settings import Settings
from scoring import Consent

_MOST_WORD: Final = 4_096
_STRANGE: Final = (
    "This way back is not yours, was used before, or is older than ten minutes. Nothing was linked; "
    "please begin again."
)
_NO_CODE: Final = "{network} sent nothing along. Nothing was linked; please try again."
_DENIED: Final = "You said no at {network}, so nothing was linked. It costs you nothing."
_ERROR: Final = "{network} could not ask you ({code}). Nothing was linked; please try again."
_MIXED: Final = (
    "This answer is not from the place you left for. Nothing was linked; please begin again."
)


async def way_back(
    redis: Redis,
    settings: Settings,
    network: str,
    query: Mapping[str, str],
    *,
    person_id: int,
    session: str,
    administrator: bool,
) -> tuple[Leaving, Consent, str]:
    """What they left for, by which consent, and the code of their yes. Raises NotLinked."""
    label = label_of(network)
    leaving = await take(redis, query.get("state", "")[:_MOST_WORD])
    consent = None if leaving is None else consent_at(network, leaving.kind)
    if consent is None or leaving is None:
        raise NotLinked(_STRANGE)
    if leaving.kind == COMPANYS_KIND and not administrator:
        raise NotLinked(_STRANGE)
    consent = consent.asking(settings.secrets_of(network))
    if (leaving.person_id, leaving.session, leaving.network) != (
        person_id,
        digest(session),
        network,
    ):
        raise NotLinked(_STRANGE)
    _from_there(consent, leaving, query)
    if (error := query.get("error")) is not None:
        words = _DENIED if error in ("access_denied", "user_cancelled_login") else _ERROR
        raise NotLinked(words.format(network=label, code=_shown(error)), leaving)
    if not (code := query.get("code", "")[:_MOST_WORD]):
        raise NotLinked(_NO_CODE.format(network=label), leaving)
    return leaving, consent, code


def _from_there(consent: Consent, leaving: Leaving, query: Mapping[str, str]) -> None:
    """Refuse an answer of another place than the one they left for (RFC 9207, RFC 9700 4.4)."""
    if leaving.server is not None and query.get("at") != host_of(leaving.server):
        raise NotLinked(_MIXED, leaving)
    said, expected = query.get("iss"), consent.issuer or leaving.server
    if said is not None and expected is not None and said.rstrip("/") != expected.rstrip("/"):
        raise NotLinked(_MIXED, leaving)


def _shown(code: str) -> str:
    """A network's code as a page may say it."""
    return "".join(one for one in code[:60] if one.isascii() and (one.isalnum() or one in "_.- "))
