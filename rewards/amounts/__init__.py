"""Money and days as integers: minor units of an ISO 4217 currency, or half days. Never a float."""

from rewards.amounts.amount import Amount, Kind
from rewards.amounts.currency import UnknownCurrency, currency_codes, exponent
from rewards.amounts.split import DaysDoNotSplit, split
from rewards.amounts.typed import MOST_UNITS, AmountUnclear, typed
from rewards.amounts.words import in_words

__all__ = [
    "MOST_UNITS",
    "Amount",
    "AmountUnclear",
    "DaysDoNotSplit",
    "Kind",
    "UnknownCurrency",
    "currency_codes",
    "exponent",
    "in_words",
    "split",
    "typed",
]
