"""The laws Fanfare keeps, each a test; the folders mirror the packages, e2e drives a browser."""
