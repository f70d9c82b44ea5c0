"""What each address says of people, by the kinds of `app.council.Whose`; nothing where it names nobody.

A page that is new belongs here before its test passes: whoever adds one says what is personal in it.
"""

from __future__ import annotations

from typing import Final

from app.council import Whose

_OWN = frozenset({Whose.OWN})
_DECIDER = frozenset({Whose.DECIDER})
_WINNER = frozenset({Whose.WINNER})
_NAME = frozenset({Whose.NAME})
_NOBODY: frozenset[Whose] = frozenset()
# Figures and ranks: everybody's who is shown, one's own, and teams.
_BOARD = frozenset({Whose.COLLEAGUE, Whose.OWN, Whose.TEAM})

EXPOSES: Final[dict[str, frozenset[Whose]]] = {
    # Figures of people: what teams only closes.
    "/": _BOARD | {Whose.NAME},  # beside the board stands what the company reshared
    "/board/{board:str}": frozenset({Whose.COLLEAGUE, Whose.TEAM}),
    "/board.csv": _BOARD,
    "/board.json": _BOARD,
    "/compare": frozenset({Whose.COLLEAGUE, Whose.OWN}),
    "/contests": frozenset({Whose.COLLEAGUE, Whose.OWN, Whose.WINNER}),
    "/contests/{slug:str}": _BOARD | {Whose.WINNER},
    "/hr/contests/{slug:str}": _BOARD | {Whose.WINNER},
    # Beside what they wrote, wished or won.
    "/give-and-take": frozenset({Whose.NAME, Whose.OWN, Whose.COLLEAGUE}),
    "/announcements": _WINNER,
    "/announcements/{slug:str}": _WINNER,
    "/announcements/{slug:str}/congratulate/{award_id:int}": _WINNER,
    "/announcements/{slug:str}/picture/{file:str}": _WINNER,
    "/leader/announcements": _WINNER | _NAME,
    "/leader/announcements/{slug:str}": _WINNER | _NAME,
    "/leader/announcements/{slug:str}/call-off": _WINNER,
    "/leader/announcements/{slug:str}/correct": _WINNER,
    "/leader/announcements/{slug:str}/rehearse": _NOBODY,
    "/leader/announcements/{slug:str}/rehearse/stop": _NOBODY,
    "/leader/announcements/{slug:str}/remote": _WINNER,
    "/comms/posts": _NAME,
    "/comms/posts/{post_id:uuid}": _NAME,
    "/comms/topics": _NOBODY,
    "/comms/topics/{slug:str}": _NOBODY,
    "/comms/topics/{slug:str}/past": _NOBODY,
    # Oneself, to oneself.
    **dict.fromkeys(
        (
            "/me/accounts/claims/{claim_id:int}", "/me/accounts/claims/{claim_id:int}/again",
            "/me/accounts/claims/{claim_id:int}/ask", "/me/accounts/claims/{claim_id:int}/let-go",
            "/me/accounts/claims/{claim_id:int}/sign-in", "/oauth/bluesky/callback",
            "/me/accounts/consent/bluesky",
            "/me/accounts/claims/{claim_id:int}/look", "/me/accounts/asked/{claim_id:int}",
            "/me", "/me/links", "/me/links/{code:str}/end", "/me/accounts", "/me/accounts/consent",
            "/me/accounts/consent/{network:str}", "/oauth/{network:str}/callback",
            "/me/accounts/{account_id:uuid}/counts",
            "/me/accounts/{account_id:uuid}/unlink", "/me/cases", "/me/hand-in", "/me/leave",
            "/me/notices", "/me/pause", "/me/rank", "/me/resume", "/me/seen", "/me/seen.csv",
            "/me/seen.json", "/me/shown", "/me/topics", "/me/topics/{post_id:uuid}", "/why",
            "/share/post", "/share/post/{statement_id:int}/withdraw",
            "/share/post/{statement_id:int}/picture",
            "/why/wrong", "/points", "/rewards", "/rewards/{award_id:int}/accept",
            "/rewards/{award_id:int}/calendar.ics", "/rewards/{award_id:int}/date",
            "/rewards/{award_id:int}/decline", "/rewards/{award_id:int}/shown",
            "/contests/{slug:str}/enter", "/contests/{slug:str}/leave", "/join", "/policy",
            "/enter/{token:str}", "/sign-in", "/sign-out",
            # Whom one lets approve in one's stead: nothing of theirs.
            "/hr/delegations", "/hr/delegations/limits", "/hr/delegations/{delegation_id:int}/end",
        ),
        _OWN,
    ),
    # A role decides about somebody.
    **dict.fromkeys(
        (
            "/admin/accounts", "/admin/accounts/{claim_id:int}",
            "/admin/people", "/admin/people/{person_id:int}", "/admin/people/{person_id:int}/invite",
            "/admin/people/{person_id:int}/roles", "/admin/people/{person_id:int}/same",
            "/admin/people/{person_id:int}/apart/{record_id:int}",
            # Deliveries name accounts as their networks do.
            "/admin/connections/{platform:str}", "/admin/deliveries/{delivery_id:int}",
            "/hr/approvals", "/hr/approvals/{award_id:int}",
            "/hr/approvals/contest/{contest_id:int}/approve",
            "/hr/approvals/{award_id:int}/dates/{wish_id:int}/confirm",
            "/hr/approvals/{award_id:int}/dates/{wish_id:int}/refuse",
            "/hr/approvals/{award_id:int}/left", "/hr/approvals/{award_id:int}/recover",
            "/hr/approvals/{award_id:int}/settle", "/hr/approvals/{award_id:int}/{deed:str}",
            # The account beside a post of it; never a name.
            "/comms/figures/import", "/comms/figures/import/{file_id:int}",
            "/comms/figures/import/{file_id:int}/apply", "/comms/figures/import/{file_id:int}/drop",
            "/comms/figures/import/{file_id:int}/rows", "/comms/figures/import/{file_id:int}/rows.csv",
            "/comms/figures", "/comms/figures/{statement_id:int}",
            "/comms/figures/{statement_id:int}/picture",
            "/hr/cases", "/hr/cases/{case_id:int}", "/hr/budgets/{budget_id:int}",
            "/hr/budgets/{budget_id:int}/spenders", "/hr/contests/{slug:str}/evidence/{person_id:int}",
            "/hr/payments", "/hr/payments/apply", "/hr/payouts", "/hr/payouts/{number:str}",
            "/hr/payouts/{number:str}/file", "/hr/payouts/{number:str}/paid",
            "/hr/payouts/{number:str}/to-confirm.csv", "/hr/payroll-numbers",
            "/hr/payroll-numbers/file", "/hr/reports", "/hr/reports/{file:str}",
        ),
        _DECIDER,
    ),
    # Contests, rules, settings and machines: nobody, or who set something.
    **dict.fromkeys(
        (
            "/contests/{slug:str}/charter.json", "/contests/{slug:str}/rules", "/hr/brackets",
            "/hr/budgets", "/hr/budgets/{budget_id:int}/close", "/hr/budgets/{budget_id:int}/top-up",
            "/hr/contests", "/hr/contests/new", "/hr/contests/{slug:str}/amend",
            "/hr/contests/{slug:str}/cancel", "/hr/contests/{slug:str}/edit",
            "/hr/contests/{slug:str}/panel", "/hr/contests/{slug:str}/preview",
            "/hr/contests/{slug:str}/publish", "/hr/contests/{slug:str}/withdraw",
            "/hr/payout-formats", "/hr/payout-formats/{name:str}", "/hr/rules", "/hr/rules/edit",
            "/hr/rules/try/{key:str}", "/hr/rules/try/{key:str}/adopt",
            "/hr/rules/try/{key:str}/again", "/hr/rules/try/{key:str}/correct", "/hr/seasons",
            "/hr/seasons/{season_id:int}/{deed:str}", "/hr/tax-notes", "/admin", "/admin/channels",
            "/admin/channels/new/{kind:str}", "/admin/channels/{channel_id:int}",
            "/admin/channels/{channel_id:int}/{deed:str}", "/admin/contests", "/admin/deliveries",
            "/admin/hooks", "/admin/hooks/{hook_id:int}", "/admin/hooks/{hook_id:int}/{deed:str}",
            "/admin/connections", "/admin/connections/{platform:str}/{deed:str}",
            "/admin/company-accounts", "/admin/company-accounts/{account_id:uuid}/let-go",
            "/admin/company-accounts/{account_id:uuid}/consent",
            "/admin/company-accounts/{account_id:uuid}/consent/withdraw",
            "/admin/messages", "/admin/platforms", "/admin/shown",
            "/admin/time-zone", "/admin/time-zone/{change_id:int}/take-back",
            "/admin/uncounted",
            "/admin/screens", "/admin/screens/add", "/admin/screens/pair",
            "/admin/screens/pictures", "/admin/screens/pictures/{picture_id:int}",
            "/admin/screens/pictures/{picture_id:int}/remove", "/admin/screens/playlists",
            "/admin/screens/playlists/standard", "/admin/screens/playlists/{playlist_id:int}",
            "/admin/screens/playlists/{playlist_id:int}/remove", "/admin/screens/{screen_id:int}",
            "/admin/screens/{screen_id:int}/address", "/admin/screens/{screen_id:int}/reload",
            "/admin/screens/{screen_id:int}/revoke", "/health/live", "/health/ready", "/metrics",
            "/proof/{code:str}",  # the same for every code
            "/oauth/client-metadata.json",
            "/screens", "/screens/pairing", "/screens/worker.js", "/screens/{key:str}/pictures/{id:str}",
        ),
        _NOBODY,
    ),
    # Slides: each kind obeys by itself (`test_council`).
    **dict.fromkeys(
        (
            "/admin/screens/preview", "/admin/screens/preview/picture",
            "/admin/screens/{screen_id:int}/preview", "/screens/{key:str}", "/screens/{key:str}/now",
        ),
        frozenset({Whose.COLLEAGUE, Whose.TEAM, Whose.NAME, Whose.WINNER}),
    ),
}  # fmt: skip
