"""Money and days as integers: minor units of an ISO 4217 currency, or half days. Never a float."""

from rewards.amounts.amount import Amount, Kind

__all__ = ["Amount", "Kind"]
