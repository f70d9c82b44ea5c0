"""Telling others what was decided: outgoing webhooks."""
