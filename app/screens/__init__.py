"""Team screens: televisions without keyboard or user, paired once, showing what may be seen there."""
