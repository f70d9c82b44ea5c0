"""Whose an account is: showing that one is one's own, answering when somebody asks, deciding."""

from app.pages.claims import asked, deciding, own, proof

HANDLERS = (*own.HANDLERS, *asked.HANDLERS, *deciding.HANDLERS, proof.proof)
