"""What is odd about a rulebook that can be used, in words beside the rule. Pure.

Law: a warning says what would happen and what to do instead; it never keeps anybody from adopting.
"""

from scoring.odd_rules.looking import rule_warnings
from scoring.odd_rules.warning import RuleWarning

__all__ = ["RuleWarning", "rule_warnings"]
