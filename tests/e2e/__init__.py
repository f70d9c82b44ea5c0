"""The real processes and a real browser: what a person sees and does."""
