"""Telling others what was decided: outgoing webhooks, channels, e-mail."""
