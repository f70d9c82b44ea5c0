"""What commands share: one unit of work on the database, and progress while they work.

Beside `app.cli`, not in it, for every file there is a command.
"""
