"""Whose an account is: what people say, what anyone can check, what an administrator decides."""

from app.proofs.claim import (
    AccountProof,
    Choices,
    Claim,
    ClaimRefused,
    claim_by_id,
    claim_of,
    let_go,
    let_go_of_all,
    note_proof,
    open_claim,
    open_claims,
    proofs_of,
)
from app.proofs.code import LASTS, address_of
from app.proofs.deciding import Waiting, decide_claim, decided_claims, waiting_claims
from app.proofs.looking import LOOKS, Looked, answered, find_account, look_now, settle
from app.proofs.requests import (
    COMPANYS,
    MOST_WORDS,
    Request,
    ask_administrator,
    decision_of,
    may_ask,
    request_of,
    say,
)

__all__ = [
    "COMPANYS",
    "LASTS",
    "LOOKS",
    "MOST_WORDS",
    "AccountProof",
    "Choices",
    "Claim",
    "ClaimRefused",
    "Looked",
    "Request",
    "Waiting",
    "address_of",
    "answered",
    "ask_administrator",
    "claim_by_id",
    "claim_of",
    "decide_claim",
    "decided_claims",
    "decision_of",
    "find_account",
    "let_go",
    "let_go_of_all",
    "look_now",
    "may_ask",
    "note_proof",
    "open_claim",
    "open_claims",
    "proofs_of",
    "request_of",
    "say",
    "settle",
    "waiting_claims",
]
