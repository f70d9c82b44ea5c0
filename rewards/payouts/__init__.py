"""Payouts: what was accepted leaves as a file for payroll or time off, and comes back paid."""

from rewards.payouts.cells import harmless, table
from rewards.payouts.codes import payout_settings, set_payout_settings
from rewards.payouts.formats import Format, Setting, payout_format, payout_formats
from rewards.payouts.importing import PaymentImport, all_paid, import_paid
from rewards.payouts.line import figure
from rewards.payouts.matching import Paid, PaymentPlan, match_payments
from rewards.payouts.numbers import NumbersRead, read_numbers, set_payroll_number
from rewards.payouts.payout import (
    NotForHR,
    NothingToPay,
    Payout,
    PayoutLine,
    PayoutView,
    make_payout,
    payout_file,
    payout_lines,
    payouts,
)
from rewards.payouts.sheet import Mismatch
from rewards.payouts.waiting import Waiting, totals, waiting

__all__ = [
    "Format",
    "Mismatch",
    "NotForHR",
    "NothingToPay",
    "NumbersRead",
    "Paid",
    "PaymentImport",
    "PaymentPlan",
    "Payout",
    "PayoutLine",
    "PayoutView",
    "Setting",
    "Waiting",
    "all_paid",
    "figure",
    "harmless",
    "import_paid",
    "make_payout",
    "match_payments",
    "payout_file",
    "payout_format",
    "payout_formats",
    "payout_lines",
    "payout_settings",
    "payouts",
    "read_numbers",
    "set_payout_settings",
    "set_payroll_number",
    "table",
    "totals",
    "waiting",
]
