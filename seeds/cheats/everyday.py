"""What six ordinary weeks look like: a few people get much, most get little, outsiders come back."""

from __future__ import annotations

from datetime import timedelta

from scoring.facts import Kind
from seeds.cheats.population import DAYS, Population
from seeds.cheats.wording import GREETINGS, NEWS, STORY, own_words

_SHORT = 0.2  # of the posts are a greeting
_KINDS = {Kind.REACTION: 62, Kind.REPLY: 22, Kind.RESHARE: 8, Kind.QUOTE: 3, Kind.MENTION: 5}
_REGULARS = 0.55  # of what comes is from people who came before
_CUSTOMERS = 0.25  # … from people who know several of us
_ANSWERED = 0.4  # of the answers


def live(made: Population) -> None:
    """Everybody's posts, what came of them, new followers and clicks."""
    rng = made.rng
    made.company_texts = [STORY, *NEWS]
    customers = [made.id() for _ in range(max(20, len(made.people) // 2))]
    for person in made.people:
        vigour = rng.random() ** 2
        regulars = [made.id() for _ in range(5 + int(60 * vigour))]
        usual = 0.2 + 5 * vigour
        made.gains[person] = [0] * DAYS
        for day in range(DAYS):
            # Scattered, and fewer at weekends.
            often = usual * (0.5 if day % 7 in (5, 6) else 1.0)
            made.gains[person][day] += sum(rng.random() < often / 8 for _ in range(8))
        for _ in range(rng.randint(0, 2 + int(22 * vigour))):
            at = made.moment(rng.random() * DAYS)
            text = rng.choice(GREETINGS) if rng.random() < _SHORT else own_words(rng)
            post = made.post(person, at, text)
            for _ in range(int(rng.expovariate(1 / (1 + 12 * vigour)))):
                chance = rng.random()
                if chance < _REGULARS:
                    outsider = rng.choice(regulars)
                elif chance < _REGULARS + _CUSTOMERS:
                    outsider = rng.choice(customers)
                else:
                    outsider = made.id()
                kind = rng.choices(list(_KINDS), list(_KINDS.values()))[0]
                then = at + timedelta(minutes=rng.expovariate(1 / 300))
                made.act(kind, person, outsider, post.post_id, then)
                if kind is Kind.REPLY and rng.random() < _ANSWERED:
                    later = then + timedelta(minutes=rng.expovariate(1 / 90))
                    made.answer(person, outsider, post.post_id, later)
            for _ in range(int(rng.expovariate(1 / (0.5 + 4 * vigour)))):
                visitor, then = made.id(), at + timedelta(minutes=1 + rng.expovariate(1 / 400))
                for _ in range(rng.choice((1, 1, 1, 1, 2, 3))):
                    made.act(Kind.CLICK, person, visitor, post.post_id, then)
                    then += timedelta(seconds=rng.uniform(20, 4000))
