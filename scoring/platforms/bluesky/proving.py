"""Looking at a Bluesky account as anyone can: its DID document, its profile, the page of its handle. Pure.

Law: the profile is read from the server that the DID's own document names, never from a search.
"""

from __future__ import annotations

from urllib.parse import quote

from scoring.platforms.asking import Ask
from scoring.platforms.bluesky.identity import did_behind, identity_of, said_of
from scoring.platforms.bluesky.names import handle_of
from scoring.platforms.platform import Named, Secrets
from scoring.platforms.proving import Finding, Looking, NotSeen, Place, Proving, Seen, me_links

_HOSTED = ".bsky.social"  # handles that Bluesky lends; no page of the person's own lies there


class BlueskyProving(Proving):
    """By records that are public."""

    places = (
        "in the description of your profile, for as long as the check takes",
        "where your handle is a domain of your own: as a link with rel=“me” on its front page",
        "in the alsoKnownAs of your DID document, if you keep that yourself",
    )

    def find(self, text: str, named: Named | None, secrets: Secrets) -> Finding:
        """By the DID, or by the handle that leads to one."""
        if named is None:
            handle = handle_of(text.strip().rstrip("/").rpartition("/")[2].removeprefix("@"))
            if handle is None:
                raise NotSeen("Type your handle, such as ada.bsky.social, or your DID.")
            did = yield from did_behind(handle, secrets)
            if did is None:
                raise NotSeen(
                    f"No account answers to {handle}. Is it typed as your profile shows it? If it is, "
                    "its server may not answer just now: try again in a little while."
                )
            named = Named(did, did)
        who = yield from identity_of(named.native_id, secrets)
        return Named(who.did, who.handle or who.did)

    def look(self, named: Named, secrets: Secrets) -> Looking:
        """The document, the profile's description, and the front page of a handle of one's own."""
        who = yield from identity_of(named.native_id, secrets)
        texts, links = [], []
        if who.pds is not None:
            profile = said_of(
                (
                    yield Ask(
                        f"{who.pds}/xrpc/com.atproto.repo.getRecord?repo={quote(who.did, safe=':')}"
                        "&collection=app.bsky.actor.profile&rkey=self"
                    )
                )
            )
            value = profile.get("value") if profile is not None else None
            words = value.get("description") if isinstance(value, dict) else None
            if isinstance(words, str):
                texts.append(Place("the description of your profile", words))
        if who.handle is not None and not who.handle.endswith(_HOSTED):
            page = yield Ask(f"https://{who.handle}/", headers={"accept": "text/html"})
            if page is not None and page.good:
                markup = page.body.decode("utf-8", "replace")
                links = [Place(f"the page {who.handle}", href) for href in me_links(markup)]
        return Seen(
            Named(who.did, who.handle or who.did),
            texts=tuple(texts),
            links=tuple(links),
            documents=tuple(Place("your DID document", name) for name in who.others),
        )
