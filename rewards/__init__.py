"""What can be won: contests, prizes, budgets, awards, approvals and payouts.

This package will hold the life of a contest (charter, brackets, settlement), the double-entry
ledger of money and vacation days (reserve, then post or void), and the decisions that people
other than the winner make about an award. It stands between the two other packages: it may ask
`scoring` what happened and what it is worth, `app` shows it to people, and neither `scoring`
nor a network's adapter knows it exists. Until the first contest is built it holds nothing.
"""
