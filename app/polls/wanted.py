"""Whom and what a network may be asked about, as things are now.

Laws: nothing is asked of an account whose owner does not take part, or did not agree where it takes their
agreement; who unlinks, pauses or leaves is not asked about from that moment on; where a network's agreement
must be confirmed for members' data, nothing of them is asked before.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from app.settings import Settings
from scoring import SAYS_WHOSE, Of, Platform, Poll, Secrets, may_use_member_data

# A setting of the company's own instead of somebody's consent, for polls of its own accounts.
PAGE_TOKEN: Final = "page_token"  # noqa: S105 - the name of a setting

# Accounts of $1 that are somebody's who takes part, or the company's, at $2.
_OWNED: Final = """
select last.account_id, last.company from (
  select distinct on (o.account_id) o.account_id, o.person_id, o.company from ownership o
  join account known on known.id = o.account_id and known.platform = $1
  where o.effective_at <= $2 {only} order by o.account_id, o.effective_at desc, o.id desc) last
where last.company or (select e.state from enrolment e
  where e.person_id = last.person_id and e.effective_at <= $2
  order by e.effective_at desc limit 1) = 'active'
"""
_AGREED: Final = """and exists (select from consent c
  where c.account_id = owned.account_id and c.state in ('given', 'expiring') {scope})"""
# Posts that were handed in and that nobody has looked at: where everybody may ask and a post's name says
# whose it is, its network answers for it.
_HANDED_IN: Final = f"""select owned.account_id, s.native_id as subject
  from {{owned}} join statement s on s.account_id = owned.account_id and s.published_at > $3
  join account a on a.id = s.account_id
  where {{whose}} and s.platform = $1
    and not exists (select from statement_answer given where given.statement_id = s.id)
    and {SAYS_WHOSE.format(author="a.native_id", post="s.native_id")}"""
_WHOSE: Final = {
    Of.PEOPLE: "not owned.company",
    Of.POSTS: "not owned.company",
    Of.COMPANY: "owned.company",
    Of.EVERYBODY: "true",
}


def wanted_sql(poll: Poll, secrets: Secrets, *, only: str = "") -> str:
    """SQL of (account_id, subject) that a poll is to ask about; $1 network, $2 now, $3 the earliest
    publication of a post. `only`: a further condition on `o`, a row of ownership."""
    agreed = ""
    if poll.token and not _by_page_token(poll, secrets):
        # A constant of the platform's, of plain characters as `Poll` makes sure.
        agreed = _AGREED.format(scope=f"and '{poll.scope}' = any(c.scopes)" if poll.scope else "")
    owned = f"({_OWNED.format(only=only)}) owned"
    if poll.of is Of.POSTS:
        known = f"""select distinct on (p.native_id) p.author_id as account_id, p.native_id as subject
            from {owned} join post p on p.author_id = owned.account_id and p.published_at > $3
            where {_WHOSE[poll.of]} {agreed} order by p.native_id"""
        if poll.token:
            return known
        waiting = _HANDED_IN.format(owned=owned, whose=_WHOSE[poll.of])
        return f"""select distinct on (subject) account_id, subject
            from (({known}) union all ({waiting})) posts order by subject"""
    return f"""select owned.account_id, a.native_id as subject
        from {owned} join account a on a.id = owned.account_id
        where {_WHOSE[poll.of]} {agreed} and $3::timestamptz is not null"""


def may_ask(settings: Settings, server: str) -> bool:
    """Whether a server is asked anything: the demo's people are made up, and no network hears of them but
    those that the settings name as peers."""
    return not settings.demo or server in settings.peers


def owned_sql() -> str:
    """SQL of (account_id, company) for every account that is somebody's now; $1 network, $2 now."""
    return _OWNED.format(only="")


def earliest(poll: Poll, now: datetime) -> datetime:
    """Posts that were published before are not asked about any more."""
    return now - timedelta(days=poll.for_days)


async def asked_now(
    connection: Any, platform: Platform, secrets: Secrets, now: datetime
) -> list[Poll]:
    """The polls of a network that may be asked now."""
    if platform.polling is None:
        return []
    members = platform.member_data is None or await may_use_member_data(
        connection, platform.name, now
    )
    return [
        poll for poll in platform.polling.polls if members or poll.of not in (Of.PEOPLE, Of.POSTS)
    ]


def _by_page_token(poll: Poll, secrets: Secrets) -> bool:
    return poll.of is Of.COMPANY and secrets.one(PAGE_TOKEN) is not None
