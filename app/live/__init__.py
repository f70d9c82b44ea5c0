"""Live updates: a signal that a board changed goes to every browser that shows it."""
