"""How likely everything is in a demo world. One place for all the numbers that make it believable.

Set so that with the default rulebook the first of 400 people ends a month near 1,400 points, the
middle near 150, and 60 days come to about 50,000 engagements.
"""

from datetime import time
from math import exp
from random import Random

PERSONAL = 0.34  # of people's own posts are not about work
DISCLOSED = 0.86  # of the posts about work carry the disclosure
HANDED_IN = 0.55  # of the personal posts are handed in to be counted and perhaps shared
BY_COLLEAGUE = 0.07  # of likes come from colleagues, who count nothing
DELETED = 0.012  # of own posts are deleted within days
TAKEN_BACK = 0.04  # of the company's reshares are taken back
UNFOLLOWS = 0.15  # as many as this share of the follows are undone again
TOLD_TWICE = 0.04  # of what can be told by two sources arrives from both
UNLIKED = 0.03  # of likes are taken back; two networks tell
COMPANY_STORIES = 1.8  # a working day, over all networks
STORIES_ON = {  # on which of them -> share
    "x": 30, "mastodon": 30, "linkedin": 18, "bluesky": 12, "facebook": 10, "threads": 6, "youtube": 4,
}  # fmt: skip
# Where the company passes on what its people wrote, and is heard doing it.
RESHARING = frozenset({"x", "mastodon", "bluesky", "threads"})
PAGE_VISITORS = 6.0  # strangers who react to one post on a page of Facebook or LinkedIn
MAKES_LINKS = 0.3  # of the people have tracked links
COUNTED_AT = time(3, 30)  # in UTC: when followers are asked for
LATE = 0.004  # of deliveries arrive hours later: the network tried again
COMPANY_RESHARES = 3.2  # a day, of people's own posts
COMPANY_QUOTES = 0.45  # of those reshares carry a line of the company's own, and can be answered


def posts_a_day(vigour: float) -> float:
    """Own posts."""
    return 0.10 + 0.90 * vigour


def likes(vigour: float) -> float:
    """Likes of one post."""
    return 0.9 + 3.8 * vigour


def replies(vigour: float) -> float:
    """Answers to one post."""
    return 0.4 + 4.9 * vigour


def reshares(vigour: float) -> float:
    """Times one post is passed on."""
    return 0.15 + 1.5 * vigour


def quotes(vigour: float) -> float:
    """Times one post is passed on with own words."""
    return 0.03 + 0.3 * vigour


def follows_a_day(vigour: float) -> float:
    """New followers."""
    return 0.04 + 0.8 * vigour


def mentions_a_day(vigour: float) -> float:
    """Times somebody writes to the person without answering."""
    return 0.01 + 0.09 * vigour


def answers(vigour: float) -> float:
    """The chance that somebody answers a person who wrote to them."""
    return 0.15 + 0.35 * vigour


def shares_story(vigour: float) -> float:
    """The chance that somebody passes one company story on."""
    return 0.02 + 0.22 * vigour


def openings(vigour: float) -> float:
    """Times a tracked link is opened by people when its owner shares it once more."""
    return 1.2 + 6.0 * vigour


def luck(rng: Random) -> float:
    """How a post does against the author's others: most below average, one in fifty far above."""
    return rng.lognormvariate(-0.245, 0.7)


def count(rng: Random, mean: float) -> int:
    """A Poisson number of that mean."""
    if mean > 30:
        return max(0, round(rng.gauss(mean, mean**0.5)))
    left, number = exp(-mean), -1
    product = 1.0
    while product > left or number < 0:
        product *= rng.random()
        number += 1
    return number
