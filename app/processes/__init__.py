"""Fanfare as processes: one role in this process, or all of them as children of one command."""
