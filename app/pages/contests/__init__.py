"""Contests as everybody sees them: the list, one contest, its rules, entering and leaving."""
