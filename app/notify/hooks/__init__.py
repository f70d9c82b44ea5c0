"""Outgoing webhooks by Standard Webhooks 1.0: signed, tried again, logged, kept out of the network."""

from app.going_out import NotReachable, checked_url
from app.notify.hooks.fault import UnknownHook
from app.notify.hooks.handing_out import TEST_EVENT, hand_out, send_test
from app.notify.hooks.hooks import Hook, change_hook, hook_by_id, hooks, make_hook
from app.notify.hooks.log import Told, told
from app.notify.hooks.secret import secret_of
from app.notify.hooks.sending import tell_hooks

__all__ = [
    "TEST_EVENT",
    "Hook",
    "NotReachable",
    "Told",
    "UnknownHook",
    "change_hook",
    "checked_url",
    "hand_out",
    "hook_by_id",
    "hooks",
    "make_hook",
    "secret_of",
    "send_test",
    "tell_hooks",
    "told",
]
