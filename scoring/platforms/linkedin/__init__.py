"""LinkedIn, heard by the webhook of a company page and by polls of it (README.md beside this)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

from scoring.facts import Delivery, Kind, Telling
from scoring.platforms.addresses import PostNamed
from scoring.platforms.linkedin import addresses, notifications, posts, verify
from scoring.platforms.linkedin.consent import (
    LinkedInConsent,
    LinkedInPageConsent,
    check_member_scopes,
)
from scoring.platforms.linkedin.polls import POLLING, ask_posts, check_version
from scoring.platforms.linkedin.steps import REPLACING, STEPS
from scoring.platforms.payload import Payload
from scoring.platforms.platform import (
    Arrival,
    Capabilities,
    Incentive,
    IncentivePolicy,
    Named,
    NotAnAccount,
    Platform,
    Reply,
    Secrets,
    Wanted,
)
from scoring.platforms.poll_settings import API, CALLS
from scoring.platforms.polling import is_poll
from scoring.platforms.sharing import composer

_PERSON = re.compile(r"(?:urn:li:person:)?([A-Za-z0-9_-]{8,20})")
_PROFILE = re.compile(
    r"(?:https://)?(?:[a-z]{2,3}\.)?linkedin\.com/(in|company)/([^/?#\s]{1,100})/?(?:[?#].*)?"
)
_PAGE = re.compile(r"urn:li:organization:[0-9]{1,19}")


class LinkedIn(Platform):
    """LinkedIn: what happens on pages that the company runs."""

    name = "linkedin"
    label = "LinkedIn"
    consent = LinkedInConsent()
    page_consents = MappingProxyType({"company": LinkedInPageConsent(ask_posts)})
    steps = STEPS
    replacing = REPLACING
    capabilities = Capabilities(
        told=frozenset(
            {Kind.POST, Kind.REACTION, Kind.REPLY, Kind.RESHARE, Kind.QUOTE, Kind.MENTION}
        ),
        removed=frozenset({Kind.REPLY}),
        arrivals=frozenset({Arrival.PUSH, Arrival.POLL}),
        freshness="within minutes; the company’s own reshares within the hour",
        sureness="signed by LinkedIn; only what happens on your page, no unlike and no unshare",
    )
    incentive = IncentivePolicy(
        mode=Incentive.RECOGNITION,
        reason="LinkedIn limits what may be done with members’ data and forbids agreeing ahead to "
        "like or reshare one another; what happens on the page may be recognised",
        source="https://learn.microsoft.com/linkedin/marketing/restricted-use-cases",
        read_on=date(2026, 11, 1),
    )
    member_data = (
        "LinkedIn’s agreement with your company, as you have it signed, lets data of its members "
        "be used for what Fanfare does with them: counts of their own posts and followers, in "
        "points, boards and contests"
    )
    # Members’ social activity may be stored for 48 hours.
    raw_ttl_days = 2
    wants = (
        Wanted(
            "client_id",
            "the client id of the app, under which people let Fanfare see their accounts",
        ),
        Wanted(
            "client_secret", "the client secret of the app, which signs its webhook", several=True
        ),
        Wanted(
            "signature", "lenient to take older forms of the signature too", check=verify.check_form
        ),
        Wanted(
            "page_token",
            "an access token of an administrator of the company's page, for polls of its posts, where "
            "nobody gave it by signing in",
        ),
        Wanted(
            "member_scopes",
            "what LinkedIn approved the app for of members' data: r_member_profileAnalytics, "
            "r_member_postAnalytics",
            check_member_scopes,
            several=True,
        ),
        Wanted("version", "the version of LinkedIn's API that Fanfare asks", check_version),
        CALLS,
        API,
    )
    polling = POLLING

    def problems(self, secrets: Secrets) -> list[str]:
        """Without the secret nothing is heard."""
        if secrets.every("client_secret"):
            return []
        return [f"{self.variable('client_secret')} is not set"]

    def challenge(self, query: Mapping[str, str], secrets: Secrets) -> Reply | None:
        """Answer LinkedIn's challenge, which comes every two hours."""
        return verify.challenge(query, secrets)

    def verify(
        self, headers: Mapping[str, str], body: bytes, secrets: Secrets, now: datetime
    ) -> str:
        """Prove the signature and name the delivery."""
        return verify.verify(headers, body, secrets)

    def adapt(self, delivery: Delivery) -> Telling:
        """Read notifications of a page, or the page's own posts as polled."""
        if is_poll(delivery):
            return POLLING.adapt(delivery)
        whole = Payload.read(delivery.body)
        if whole["elements"].given:
            return posts.adapt(whole, delivery.received_at)
        return notifications.adapt(whole, delivery.received_at)

    def profile_url(self, native_id: str, handle: str) -> str | None:
        """A member's or a page's address; ids of apps lead nowhere."""
        for name in (native_id, handle):
            kind, _, rest = name.partition("/")
            if kind in ("in", "company") and rest:
                return f"https://www.linkedin.com/{name}/"
        if _PAGE.fullmatch(native_id):
            return f"https://www.linkedin.com/company/{native_id.rpartition(':')[2]}/"
        return None

    another_way = (
        "Do you administer the company’s page? Then LinkedIn lets you reshare none of its posts. Write "
        "one of your own about it, with a link of yours, or hand one in: what people do with it counts."
    )
    asks_for = "the address of your profile, or the id by which the company’s app knows you"

    def named(self, text: str) -> Named:
        """`https://www.linkedin.com/in/ada-example`, `urn:li:person:AbC1234567`, a page's URN."""
        typed = text.strip()
        if profile := _PROFILE.fullmatch(typed):
            name = f"{profile[1]}/{profile[2].lower()}"
            return Named(name, name)
        if _PAGE.fullmatch(typed):
            return Named(typed, typed)
        if person := _PERSON.fullmatch(typed):
            return Named(f"urn:li:person:{person[1]}", person[1])
        raise NotAnAccount(
            "Type the address of your profile, such as https://www.linkedin.com/in/ada-example."
        )

    def post_named(self, text: str, own: Sequence[Named] = ()) -> PostNamed | None:
        """The post of an address. Raises NotAPost."""
        return addresses.named(text)

    def share_link(self, text: str, url: str, own: Named | None = None) -> str | None:
        """It takes an address alone; title and picture are the page's own."""
        return composer("https://www.linkedin.com/sharing/share-offsite/", url=url)


PLATFORM = LinkedIn()
