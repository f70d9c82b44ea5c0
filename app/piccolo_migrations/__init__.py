"""The migrations of the app package's tables."""
