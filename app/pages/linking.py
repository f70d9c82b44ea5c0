"""What a person may choose when joining and later, the words for it, and reading it from a form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, cast
from urllib.parse import urlencode

from litestar import Request

from app.auth.guards import viewer_of
from app.consent import networks
from app.pages.form import Form
from app.proofs import Choices, Errand, find_account, may_send
from app.settings import Settings
from scoring import (
    Counts,
    Named,
    NotAnAccount,
    NotSeen,
    Shown,
    UnknownPlatform,
    Visibility,
    platforms,
)

COUNTS: Final = (
    ("disclosed", "Posts about work", "with {tag}, sharing a company story, or handed in"),
    ("every", "Every public post", "everything you post publicly there"),
    ("handed_in", "Only what you hand in", "nothing, until you name a post yourself"),
)
_LED: Final = "nothing to type; {} asks you on its own page, and knows which account is yours"
KINDS: Final = (
    ("professional", "Professional", "you write there about your work"),
    ("personal", "Personal", "you write there about your own life"),
)
VISIBILITY: Final = ("name", "alias", "hidden")
OPENED: Final = ("opens_networks", "opens_mix", "opens_gain", "opens_compare")
ALIAS_TAKEN: Final = "Somebody goes by this name already. Choose another one."


def counts_choices(tag: str) -> list[tuple[str, str, str]]:
    """What an account may count, with the company's hashtag."""
    return [(value, words, hint.format(tag=tag)) for value, words, hint in COUNTS]


def network_choices(led: Collection[str] = ()) -> list[tuple[str, str, str]]:
    """The networks an account can be linked on: name, label, what the person is asked for; on those of `led`
    nothing, for the network itself asks them."""
    return [
        (name, known.label, _LED.format(known.label) if name in led else known.asks_for)
        for name, known in platforms().items()
        if known.by_name
    ]


def led_by_consent(settings: Settings) -> frozenset[str]:
    """The networks where a person who names an account is led to the network's own page."""
    ready = networks(settings)
    return frozenset(
        name for name, known in platforms().items() if known.consent_first and ready.get(name)
    )


def consent_page(network: str, choices: Choices) -> str:
    """The address of the page that leads to a network, with what was chosen before."""
    kind = "professional" if choices.professional else "personal"
    chosen = {"counts": choices.counts, "kind": kind}
    if choices.disclaimer:
        chosen["disclaimer"] = "yes"
    return f"/me/accounts/consent/{network}?{urlencode(chosen)}"


def read_counts(form: Form) -> Counts:
    """What an account may count, as a form says it."""
    values = [value for value, _, _ in COUNTS]
    return cast(Counts, form.choice("counts", values, ask="Choose what may count."))


def read_account(form: Form, led: Collection[str] = ()) -> tuple[str, str, Choices] | None:
    """The account a form names: network, what was typed, what was chosen; None when something is
    wrong. On the networks of `led` nothing needs to be typed."""
    network = form.choice(
        "network", [name for name, _, _ in network_choices()], ask="Choose the network."
    )
    typed = (
        form.optional("handle", most=300)
        if network in led
        else form.text("handle", ask="Type your name on that network.", most=300)
    )
    counts = read_counts(form)
    kind = form.choice("kind", [value for value, _, _ in KINDS], ask="Choose which one it is.")
    if any(form.error(name) for name in ("network", "handle", "counts", "kind")):
        return None
    return network, typed, Choices(counts, kind == "professional", form.ticked("disclaimer"))


async def find_named(
    request: Request[Any, Any, Any], form: Form, network: str, typed: str
) -> Named | None:
    """The account that was typed, as its network says; None when something is wrong."""
    state = request.app.state
    # Each may be asked of servers outside: nobody tries names through Fanfare.
    if not await may_send(state.redis, viewer_of(request).person_id, Errand.FIND):
        form.wrong("handle", "You named many accounts just now. Wait a minute, then once more.")
        return None
    try:
        return await find_account(state.settings, state.outside, network, typed)
    except UnknownPlatform:
        form.wrong("network", "Choose the network.")
    except (NotAnAccount, NotSeen) as why:
        form.wrong("handle", str(why))
    return None


def read_shown(form: Form) -> Shown | None:
    """What others may see, as a form says it; None when something is wrong."""
    visibility = form.choice("visibility", VISIBILITY, ask="Choose what others see.")
    alias = form.optional("alias", most=60)
    if visibility == "alias" and not alias:
        form.wrong("alias", "Type the alias you want to go by.")
    if form.error("visibility") or form.error("alias"):
        return None
    opened = {name: form.ticked(name) for name in OPENED}
    return Shown(cast(Visibility, visibility), alias or None, **opened)


def shown_form(profile: Mapping[str, Any]) -> Form:
    """The form that says what is kept now."""
    opened = {name: "yes" for name in OPENED if profile[name]}
    return Form({"visibility": profile["visibility"], "alias": profile["alias"] or "", **opened})


def another_way(network: str) -> str | None:
    """What a network's own rules keep some people from, and what they do instead, in words for them."""
    known = platforms().get(network)
    return known.another_way if known is not None else None


def gives_back(network: str) -> str:
    """What becomes of the leave to look that somebody gave, where there is one: the end of a sentence."""
    known = platforms().get(network)
    consent = known.consent if known is not None else None
    if consent is None:
        return ""
    if consent.endpoints("https://server").revoke or consent.revocation("https://server"):
        return f" and, where it may look, tells {label(network)} to forget that"
    return (
        f" and, where it may look, throws that away; {label(network)} lets only you take it back, "
        "in your settings there"
    )


def label(network: str) -> str:
    """A network as people say it, also one the company only reports about."""
    known = platforms().get(network)
    return known.label if known is not None else network.capitalize()
