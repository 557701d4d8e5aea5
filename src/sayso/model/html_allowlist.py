"""The HTML of descriptions and show notes that podcast apps show (PSP-1, "Item description")."""

from __future__ import annotations

BLOCK_ELEMENTS = frozenset({"p", "ol", "ul", "li"})

ALLOWED_ELEMENTS = BLOCK_ELEMENTS | {"a", "b", "i", "strong", "em", "br"}
"""What Apple shows (p, ol, ul, li, a), and what other apps show as well."""

MAX_DESCRIPTION_BYTES = 4000
"""Of UTF-8, for a show's description and for an episode's."""
