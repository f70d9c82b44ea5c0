"""Migrations of the scoring tables; each runs in one transaction under the lock of `app.database.migrate`."""
