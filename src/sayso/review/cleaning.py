"""Characters that no review means: controls, halves of surrogate pairs, what turns text around."""

from __future__ import annotations

import re

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_DROPPED = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"  # terminals obey some of them
    r"\u202a-\u202e\u2066-\u2069"  # text inside would be read in another order than it is said in
    r"\ud800-\udfff\ufffe\uffff\ufeff\u200b\u2060\u00ad]"
)


def cleaned(text: str) -> str:
    """Drop control and invisible characters, and make every line end `\\n`."""
    return _DROPPED.sub("", _LINE_ENDS.sub("\n", text))
