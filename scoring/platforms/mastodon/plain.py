"""The text of a post without its markup.

Law: linear in the length. Mastodon sends few tags and no scripts; a hostile server may send
anything, and Python's own HTML parser is quadratic for some of it.
"""

import html
import re

from scoring.facts import MAX_TEXT_LENGTH

_TAG = re.compile(r"<(/?[a-zA-Z0-9]*)[^<>]*>")
_MAX_MARKUP = 4 * MAX_TEXT_LENGTH  # links are written thrice in markup; more than this is no post
_BREAKS = {"br": "\n", "/p": "\n\n", "/li": "\n", "/blockquote": "\n\n"}


def plain(markup: str) -> str:
    """Paragraphs and breaks as line feeds, everything else as text; addresses stay whole."""
    text = _TAG.sub(lambda tag: _BREAKS.get(tag[1].lower(), ""), markup[:_MAX_MARKUP])
    return html.unescape(text).replace("\0", "").strip()[:MAX_TEXT_LENGTH]
