"""Deeds in each network's own words: bodies as the network would send them, field for field."""
