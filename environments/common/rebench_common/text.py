"""Text from untrusted programs, made safe to show.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import unicodedata


def printable(text: str, limit_chars: int) -> str:
    """Drop control and formatting characters other than line breaks and tabs; keep the end of a long text."""
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c)[0] != "C").strip()
    return kept if len(kept) <= limit_chars else "[…]" + kept[-limit_chars:]
