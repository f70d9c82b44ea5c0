"""From which of a person's accounts a post is, as its address and they themselves say. Pure.

Law: an address that names somebody else is refused; one that names nobody, or what cannot be compared, leaves
it to whoever confirms.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from scoring.accounts import LinkedAccount
from scoring.by_hand.handed_in import NotStated
from scoring.platforms import platforms
from scoring.platforms.addresses import NotAPost, PostNamed
from scoring.platforms.platform import Named
from scoring.platforms.recognising import recognise


def named_by(address: str, own: list[LinkedAccount]) -> tuple[str, PostNamed]:
    """Network and post of an address. Raises NotStated."""
    accounts: dict[str, list[Named]] = {}
    for one in own:
        accounts.setdefault(one.platform, []).append(one.named)
    try:
        return recognise(address, accounts)
    except NotAPost as why:
        raise NotStated(str(why)) from None


def whose(
    network: str, named: PostNamed, own: list[LinkedAccount], chosen: UUID | None
) -> LinkedAccount:
    """The account of theirs; `chosen` where several can be meant. Raises NotStated."""
    here = [one for one in own if one.platform == network]
    label = platforms()[network].label
    if not here:
        raise NotStated(
            f"This post is on {label}, where you have linked no account. Link yours first; posts "
            "count from then on."
        )
    if named.author is not None:
        # Only what can be compared is held against somebody.
        if mine := authors_in(named, here):
            return mine[0]
        if not any(_incomparable(one, named.author) for one in here):
            raise NotStated(
                f"This address names “{_shown(named.author)}”, and your account on {label} is "
                f"{' or '.join(f'“{one.handle}”' for one in here)}. Hand in posts of your own; if "
                "your name there has changed, link the account anew."
            )
    if len(here) == 1:
        return here[0]
    picked = [one for one in here if one.id == chosen]
    if not picked:
        raise NotStated(
            f"You have linked {len(here)} accounts on {label}. Say which one it is from.", "account"
        )
    return picked[0]


def authors_in(named: PostNamed, accounts: Sequence[LinkedAccount]) -> list[LinkedAccount]:
    """Those of these accounts that an address names as its post's author."""
    return [one for one in accounts if named.author in _names(one)]


def _names(account: LinkedAccount) -> set[str]:
    return {account.native_id.lower(), account.handle.lower().removeprefix("@")}


def _incomparable(account: LinkedAccount, author: str) -> bool:
    """Whether the account is known by another kind of name than the address has: a number, a URN."""
    names = _names(account)
    return all(name.isdecimal() for name in names) != author.isdecimal() or (
        "/" in author and not any("/" in name for name in names)
    )


def _shown(author: str) -> str:
    return author if len(author) <= 80 else f"{author[:79]}…"
