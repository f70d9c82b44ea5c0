"""What a page says after a form was accepted.

Law: only a name travels (in a cookie that lives a minute), so nobody can put words into our mouth.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

SAID_COOKIE: Final = "fanfare_said"


class Said(Enum):
    """One sentence for one thing that was done."""

    JOINED = "Welcome. What happens from now on counts; what was before stays yours."
    SIGNED_OUT = "You are signed out."
    OTHERS_OUT = "Your password is set. Other browsers were signed out."
    LINKED = "The account is linked. Posts from now on can count."
    UNLINKED = "The account is unlinked. Nothing from it counts from now on."
    COUNTING = "Saved. The new choice holds for what happens from now on."
    FACE = "Saved. What others see changes at once."
    PAUSED = "Paused. Nothing counts until you resume, and nobody is told."
    RESUMED = "Welcome back. What happens from now on counts."
    LEFT = "You have left the programme. It costs you nothing, and you can come back any time."
    HANDED_IN = "Thank you. That post counts as handed in."
    RETRIED = "Put back in the queue. What still cannot be read comes back here."
    NOT_RETRIED = "Nothing was put back: the raw delivery is gone or already waiting."
    COUNTING_AGAIN = "They are being counted again. What fails once more comes back here."
    NOTHING_UNCOUNTED = "Nothing waits to be counted again."
    ROLES = "The roles were saved."
    NOTICES = "Saved. You are told what you chose."
    HOOK_MADE = "The hook was added. Give its receiver the secret, then send a test."
    HOOK_PAUSED = "Paused. What happens meanwhile is not told later."
    HOOK_RESUMED = "It is told again."
    HOOK_REMOVED = "The hook was removed."
    HOOK_ROTATED = "There is a new secret. For a day both sign."
    HOOK_TESTED = "A test is on its way; it shows below within seconds."
    HOOK_AGAIN = "It is sent again."
    HOOK_NOTHING_AGAIN = "Nothing waits to be sent again."
    CONTEST_BEGUN = "A draft. Nobody but HR sees it."
    DRAFT_SAVED = "The draft was saved."
    NOTHING_TO_PREVIEW = (
        "Not yet: something is missing. Once it is there, you can see it as people will."
    )
    CONTEST_IS_PUBLISHED = "This contest is published: its rules change only by an amendment."
    CONTEST_PUBLISHED = "Published. Its rules stand under their hash from now on."
    CONTEST_WITHDRAWN = "Withdrawn. It is a draft again, and what was set aside is back."
    CONTEST_CANCELLED = "Cancelled. Entrants are told, and what was set aside is back."
    CONTEST_ANNOUNCED = "Announced. Everybody who entered is told."
    CONTEST_AMENDED = "The amendment holds from now on. Entrants are told."
    CONTEST_ALLOWED = "Allowed from now on. The reason stays on record."
    CONTEST_FORBIDDEN = "Forbidden from now on. What is published already keeps its rules."
    ENTERED = "You are in. You can leave again at any time."
    LEFT_CONTEST = "You left the contest. Nobody is told, and it costs you nothing."
    AWARD_ACCEPTED = "Accepted. What happens next stands with it."
    AWARD_DECLINED = "Declined. Thank you for saying so."
    AWARD_SHOWN = "Saved. What others see of it changes at once."
    AWARDS_APPROVED = "Approved: all whose evidence you opened. The winners are told."
    AWARD_APPROVED = "Approved. As soon as nobody else must, the winner is told."
    AWARD_REFUSED = "Refused. What was set aside for it is available again."
    AWARD_RECOVERED = "Taken back. The winner is told, with your reason."
    WINNER_LEFT = "Noted on all their awards. Money they won stays theirs."
    DAYS_SETTLED = "Settled. The reason stays on record."
    DATE_CONFIRMED = "Confirmed. They are told, and can add it to their calendar."
    DATE_REFUSED = "Refused. They are told why, and can ask for another day."
    LIMIT_SET = "Saved. It holds for awards that are proposed from now on."
    DELEGATED = "Saved. They decide in your place for that time."
    DELEGATION_ENDED = "Ended. It holds no longer."
    DATE_WISHED = "Asked for. Somebody confirms it, and you are told."
    BUDGET_OPENED = "The budget is open."
    BUDGET_TOPPED_UP = "Added to the budget."
    BUDGET_CLOSED = "Closed. What was left is back with the company."
    BUDGET_SPENDERS = "Saved. Who may spend changes at once."
    PAYOUT_MADE = "The payout is made. Download its file and hand it to payroll."
    PAYMENTS_TAKEN = "Marked as paid. The winners are told."
    PAYMENTS_KNOWN = "Nothing new was in that file, so nothing changed."
    PAYOUT_CODES = "Saved. The next payout uses these codes."
    PAYROLL_NUMBERS = "Saved. The next payout uses these numbers."
    TAX_NOTE = "Saved. Contests published from now on carry it."


SENTENCES: Final = {said.name: said.value for said in Said}
