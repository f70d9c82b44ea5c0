"""Who did it to whom: the words of design section 5, and what became of a deed in the counting."""

from enum import StrEnum


class Relation(StrEnum):
    """Actor and target of a deed as the company sees them."""

    EARNED = "earned"  # outsider → employee
    CONVERSED = "conversed"  # employee → outsider who had written to them or to the company
    SHARED = "shared"  # employee → company
    RESHARED = "reshared"  # company → employee
    ECHO = "echo"  # outsider → the company's reshare of an employee's post
    AUTHORED = "authored"  # an employee's own post
    PEER = "peer"  # employee → colleague: worth nothing unless a rulebook says so


# On whose side the person who may earn stands; echo is found through the company's reshare.
BY_TARGET = frozenset({Relation.EARNED, Relation.RESHARED, Relation.PEER})
BY_ACTOR = frozenset({Relation.CONVERSED, Relation.SHARED, Relation.AUTHORED})


class Outcome(StrEnum):
    """What became of a deed under a rule, or why no rule could take it."""

    COUNTED = "counted"
    BEYOND_STEPS = "beyond_steps"
    ALREADY_COUNTED = "already_counted"
    COLLEAGUE = "colleague"
    YOURSELF = "yourself"
    BRAND = "brand"
    NOT_LINKED = "not_linked"
    NOT_ENROLLED = "not_enrolled"
    PAUSED = "paused"
    NOT_DISCLOSED = "not_disclosed"
    NOT_ADDRESSED = "not_addressed"
    UNKNOWN_ACTOR = "unknown_actor"
    HELD = "held"
    REMOVED = "removed"
    NO_RULE = "no_rule"

    @property
    def words(self) -> str:
        """One kind sentence for the person concerned."""
        return _WORDS[self]


_WORDS = {
    Outcome.COUNTED: "Counted.",
    Outcome.BEYOND_STEPS: "The steps of this rule were already full for that time.",
    Outcome.ALREADY_COUNTED: "The same was already counted once.",
    Outcome.COLLEAGUE: "It came from a colleague; points are for people outside the company.",
    Outcome.YOURSELF: "It was your own account.",
    Outcome.BRAND: "It was between the company's account and somebody outside.",
    Outcome.NOT_LINKED: "The account was not linked at that time.",
    Outcome.NOT_ENROLLED: "You had not joined at that time.",
    Outcome.PAUSED: "You had paused at that time.",
    Outcome.NOT_DISCLOSED: "The post is not one you let count: it has no disclosure, "
    "shares no story and was not handed in.",
    Outcome.NOT_ADDRESSED: "Nobody had written to you or to the company there.",
    Outcome.UNKNOWN_ACTOR: "The network did not say who it was, and this rule counts different people.",
    Outcome.HELD: "It is held until a person has looked at it.",
    Outcome.REMOVED: "It was undone or deleted on the network.",
    Outcome.NO_RULE: "No rule gives points for this.",
}
