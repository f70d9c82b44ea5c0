"""Contests: drafts, charters, entrants, standings, decisions."""
