"""The migrations of contests and rewards, in plain SQL."""
