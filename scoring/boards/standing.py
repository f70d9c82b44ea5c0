"""Who may stand on a board, said once in SQL for publishing, rebuilding and reading."""

from __future__ import annotations

from scoring.boards.bracketed import number_of
from scoring.boards.key import EVERYONE, BoardKey

# A session lock: publishers share it while they hand over what they read, a build takes it alone
# for the moment in which it begins to read. So a build never misses who left an audience before it.
HANDOVER_LOCK = 0x62_6F_61_72_64  # "board"

# Enrolled and active at this moment. Takes the person's id from the outer query.
ACTIVE = """coalesce((select e.state from enrolment e
    where e.person_id = {person} and e.effective_at <= now()
    order by e.effective_at desc limit 1) = 'active', false)"""


def public(person: str, visibility: str, audience: str = EVERYONE) -> str:
    """SQL that is true for a person shown on boards of an audience; one without a profile is not.

    Who goes by an alias stands before everyone only: a department's board would say where the alias
    works, and a small one who it is; a bracket's how many follow them.
    """
    seen = "<> 'hidden'" if audience == EVERYONE else "= 'name'"
    return f"(coalesce({visibility} {seen}, false) and {ACTIVE.format(person=person)})"


def audience_filter(board: BoardKey) -> str:
    """SQL about `profile p`: the people before whose colleagues this board stands."""
    kind, _, number = board.audience.partition("-")
    if kind == "all":
        return "true"
    if board.of_bracket:
        day = board.starts_on
        then = f"""(select a.followers from audience_then a
                    where a.on_day = date '{day}' and a.person_id = p.person_id)"""
        return f"{number_of(then, day)} = {int(number)}"
    return f"p.{kind}_id = {int(number)}"  # kind is department or office: BoardKey.parse saw to it
