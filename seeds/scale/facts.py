"""A person's life and what it is worth, as rows of the tables, each with the day it belongs to.

Whatever happened is known a second later, as it would be with a worker that keeps up.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from seeds.scale.counting import Worth
from seeds.scale.days import DAY, SECOND
from seeds.scale.deed import COMPANYS, NETWORK, Life, account_of, text_of
from seeds.scale.names import account_key, deed_key, native
from seeds.scale.rows import key, row, small, text, whole

# Tables with their columns, in the order of the rows below.
COLUMNS = {
    "engagement": (
        "id", "platform", "kind", "native_id", "native_key", "actor_id", "target_id", "post_id",
        "thread_id", "occurred_at", "dated", "source", "recorded_at",
    ),
    "entry": (
        "recorded_on", "person_id", "rule", "relation", "rule_window", "key", "points", "reason",
        "occurred_at", "engagement_id", "rulebook_id", "recorded_at",
    ),
    "answered": ("person_id", "actor_id", "on_day"),
    "total": ("metric", "period", "starts_on", "person_id", "value", "version"),
    "post": ("post_id", "platform", "native_id", "author_id", "published_at", "recorded_at"),
    "post_text": ("post_id", "text", "recorded_at"),
    "mark": ("post_id", "name", "effective_at", "recorded_at"),
    "snapshot": ("account_id", "followers", "observed_at", "source", "recorded_at"),
}  # fmt: skip

Put = Callable[[str, int, bytes], None]  # table, day since 2000 in UTC, row
_MAKE_POSTS = frozenset({"reply", "reshare", "quote"})


@cache
def _word(word: str) -> bytes:
    return text(word.encode())


def write(life: Life, worth: Worth, rulebook_id: int, first_day: int, tag: str, put: Put) -> int:
    """Put all rows of a person; `first_day` is the day numbered 0. Returns how many engagements."""
    me, company = account_key(account_of(life.person)), account_key(COMPANYS)
    accounts = {account_of(life.person): me, COMPANYS: company}
    person, network, ones = whole(life.person), _word(NETWORK), whole(1)
    ids: dict[bytes, bytes] = {}
    for deed in life.deeds:
        actor = accounts.get(deed.actor) or account_key(deed.actor)
        target = None
        if deed.target is not None:
            target = accounts.get(deed.target) or account_key(deed.target)
        name = native(deed.name)
        id = ids[deed.name] = deed_key(deed.kind, deed.name, target)
        known = whole(deed.at + SECOND)
        at = whole(deed.at)
        day = deed.at // DAY
        put("engagement", day, row(
            key(id), network, _word(deed.kind), text(deed.name), key(name), key(actor),
            key(target), key(deed.post and native(deed.post)),
            key(deed.thread and native(deed.thread)), at, _word("network"), _word("webhook"), known,
        ))  # fmt: skip
        own = actor is me or actor is company
        if own and (deed.kind == "post" or deed.kind in _MAKE_POSTS):
            put("post", day, row(key(name), network, text(deed.name), key(actor), at, known))
        if deed.kind == "post":
            disclosed = deed.name in life.disclosed
            said = text_of(deed.name, tag if disclosed else "").encode()
            put("post_text", day, row(key(name), text(said), known))
            if disclosed:
                put("mark", day, row(key(name), _word("disclosed"), known, known))
    for deed, rule, window, counted, points in worth.earned:
        day = (deed.at + SECOND) // DAY
        put("entry", day, row(
            small(day), person, _word(rule.name), _word(deed.relation), text(window.encode()),
            key(counted), small(points), _word("counted"), whole(deed.at), key(ids[deed.name]),
            small(rulebook_id), whole(deed.at + SECOND),
        ))  # fmt: skip
    for actor_name, number, moment in worth.answers:
        put(
            "answered",
            moment // DAY,
            row(person, key(account_key(actor_name)), small(first_day + number)),
        )
    for metric, period, starts_on, value, number in worth.sums:
        put("total", first_day + number, row(
            _word(metric), _word(period), small(starts_on), person, whole(value), ones,
        ))  # fmt: skip
    for moment, followers in life.counts:
        put("snapshot", moment // DAY, row(
            key(me), whole(followers), whole(moment), _word("webhook"), whole(moment + SECOND),
        ))  # fmt: skip
    return len(life.deeds)
