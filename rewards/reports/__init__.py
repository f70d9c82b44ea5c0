"""Reports for HR: what contests cost, who won, what is still owed. Every figure is the ledger's."""

from rewards.reports.costs import ContestCost, DepartmentCost, contest_costs, department_costs
from rewards.reports.liability import Liability, liabilities
from rewards.reports.winners import Winner, winners

__all__ = [
    "ContestCost",
    "DepartmentCost",
    "Liability",
    "Winner",
    "contest_costs",
    "department_costs",
    "liabilities",
    "winners",
]
