"""The languages of screens: one file of words each in `words/`, numbers and dates by CLDR.

Law: every language says everything that English says, with the same places for what is filled in.
"""
