"""What happened and what it is worth."""
