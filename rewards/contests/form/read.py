"""From a form to a charter, or to sentences beside its fields. Pure.

Law: whatever was typed, the answer is a charter that could be published, or what is wrong, or both
nothing and everything that is wrong; never an exception.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rewards.contests.charter import Charter, Network, Open
from rewards.contests.form.brackets import read_brackets
from rewards.contests.form.context import FormContext
from rewards.contests.form.moments import read_moments
from rewards.contests.form.prizes import read_prizes
from rewards.contests.form.typed import Typed
from scoring import contest_metrics

MOST_SETTLE_HOURS: Final = 24 * 30
MOST_FREEZE_HOURS: Final = 24 * 30
_BREAKERS: Final = frozenset({"earliest", "pool", "order"})
_UNCOMMITTED: Final = "0" * 64  # filled in when it is published


def read_form(
    form: Mapping[str, str], context: FormContext
) -> tuple[Charter | None, dict[str, str]]:
    """The charter a form makes, None where something is wrong, and the sentences by field."""
    typed = Typed(form)
    name = typed.text("name", ask="Give the contest a name.", most=80)
    description = typed.text("description", most=1_000)
    metric = _metric(typed)
    moments = read_moments(typed, context.zone, context.now)
    networks = _networks(typed, context)
    open_ = _open(typed, context)
    who = typed.choice(
        "who", ("people", "departments", "offices"), ask="Say who competes.", default="people"
    )
    brackets = read_brackets(typed)
    if who != "people" and len(brackets) > 1:
        typed.wrong("brackets", "Teams compete all together: an audience is a person's.")
    prizes = read_prizes(typed, list(form), context, who, moments[1] if moments else None)
    breakers = _breakers(typed, metric)
    settle = typed.number(
        "settle_hours", least=0, most=MOST_SETTLE_HOURS, what="how many hours", default=72
    )
    freeze = typed.maybe("freeze_hours", least=1, most=MOST_FREEZE_HOURS, what="how many hours")
    numbers = {
        "team_least": typed.number("team_least", least=2, most=1_000, what="how many", default=3),
        "least": typed.number("least", least=1, most=10**12, what="the least", default=1),
        "growth_floor": typed.number(
            "growth_floor", least=1, most=10**9, what="how many followers", default=100
        ),
        "cool_down_days": typed.number(
            "cool_down_days", least=0, most=800, what="how many days", default=0
        ),
        "accept_days": typed.number(
            "accept_days", least=1, most=180, what="how many days", default=14
        ),
    }
    expire = typed.maybe("days_expire_months", least=1, most=60, what="how many months")
    entering = typed.choice(
        "entering", ("click", "default"), ask="Say how people enter.", default="click"
    )
    contact = typed.text(
        "contact", ask="Say whom people can ask, such as an address of HR.", most=200
    )
    if typed.errors or moments is None:
        return None, typed.errors
    paid = any(prize.amounts for prize in prizes)
    looks_at_points = contest_metrics()[metric].contest
    assert looks_at_points is not None
    return Charter(
        contest_id=context.contest_id,
        slug=context.slug,
        name=name,
        description=description,
        metric=metric,
        metric_version=looks_at_points.version,
        rulebook=context.rulebook if looks_at_points.source == "rulebook" else None,
        growth_floor=numbers["growth_floor"] or 100,
        zone=context.zone.key,
        start_at=moments[0],
        end_at=moments[1],
        settle_hours=72 if settle is None else settle,
        freeze_hours=freeze,
        open=open_,
        entering="default" if entering == "default" else "click",
        who="departments" if who == "departments" else "offices" if who == "offices" else "people",
        team_least=numbers["team_least"] or 3,
        networks=networks,
        disclosure_tag=context.disclosure_tag if paid else None,
        brackets=brackets,
        prizes=prizes,
        least=numbers["least"] or 1,
        cool_down_days=numbers["cool_down_days"] or 0,
        breakers=breakers,  # type: ignore[arg-type]
        order_commitment=_UNCOMMITTED,
        accept_days=numbers["accept_days"] or 14,
        pass_on=typed.ticked("pass_on"),
        tell_privately=typed.ticked("tell_privately"),
        days_expire_months=expire,
        gross_up=typed.ticked("gross_up"),
        tax_notes=context.tax_notes if paid else (),
        contact=contact,
        proposer_id=context.by,
    ), {}


def _metric(typed: Typed) -> str:
    metric = typed.value("metric")
    if metric not in contest_metrics():
        typed.wrong("metric", "Choose what counts.")
        return "responses"
    return metric


def _networks(typed: Typed, context: FormContext) -> tuple[Network, ...]:
    """The networks that count, under their policies; one that is off cannot be in a charter."""
    chosen = typed.several("networks")
    found = []
    for name in chosen:
        policy = context.networks.get(name)
        if policy is None:
            typed.wrong("networks", f"There is no network “{name[:40]}”. Choose from the list.")
        elif policy.mode == "off" and policy.override is None:
            typed.wrong(
                "networks",
                f"Nothing that happens on {policy.label} may be rewarded: {policy.reason}. Leave it "
                "out; its posts still show on the boards.",
            )
        else:
            mode = "cash" if policy.override is not None else policy.mode
            found.append(
                Network(
                    name=name,
                    mode="cash" if mode == "cash" else "recognition",
                    reason=policy.reason,
                    source=policy.source,
                    read_on=policy.read_on.isoformat(),
                    override=policy.override,
                )
            )
    if not chosen:
        typed.wrong("networks", "Choose at least one network.")
    return tuple(sorted(found, key=lambda network: network.name))


def _open(typed: Typed, context: FormContext) -> Open:
    to = typed.choice(
        "open_to", ("all", "departments", "offices"), ask="Say whom it is open to.", default="all"
    )
    if to == "all":
        return Open()
    known = context.departments if to == "departments" else context.offices
    ids: list[int] = []
    for word in typed.several("open_ids"):
        if word.isascii() and word.isdecimal() and len(word) < 10 and int(word) in known:
            ids.append(int(word))
        else:
            typed.wrong("open_ids", f"There is no such {to[:-1]} any more. Choose from the list.")
    if not ids:
        typed.wrong("open_ids", f"Choose at least one {to[:-1]}.")
    ids.sort()
    return Open(
        to="departments" if to == "departments" else "offices",
        ids=tuple(ids),
        names=tuple(known[id] for id in ids),
    )


def _breakers(typed: Typed, metric: str) -> tuple[str, ...]:
    contest = contest_metrics()[metric].contest
    has_moments = contest is not None and contest.has_moments
    chosen = typed.several("breakers") or (
        ["earliest", "pool", "order"] if has_moments else ["pool", "order"]
    )
    if not set(chosen) <= _BREAKERS:
        typed.wrong("breakers", "Choose how ties are broken.")
    elif chosen[-1] != "order":
        typed.wrong(
            "breakers",
            "Something must break the last tie: end with the order that is committed by its hash.",
        )
    elif "earliest" in chosen and not has_moments:
        typed.wrong(
            "breakers",
            "Followers are counted once a day, so nobody knows who got there first: share the money or "
            "let the committed order decide.",
        )
    elif (
        "earliest" in chosen
        and "pool" in chosen
        and chosen.index("earliest") > chosen.index("pool")
    ):
        typed.wrong("breakers", "Money is shared by those whom no other breaker told apart.")
    return tuple(chosen)
