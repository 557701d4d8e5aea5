"""docs/errors.md: the whole catalogue for people to read."""

from __future__ import annotations

from sayso.error_codes import catalogue

HEAD = """\
# What an error means

Every error ends in a code in brackets:

<!-- not run: the sample show has no such mistake -->
```console
$ sayso build reviews/the-long-tide.md
error: show.toml:14: unknown engine 'hibri'  [unknown-engine]
       did you mean 'hibari'?
```

`sayso explain unknown-engine` prints what stands here. In `--json` and in Python it is `code`.
Codes do not change; words may. What `sayso check` finds in a feed carries the id of a rule instead:
`sayso explain psp-self` explains that too, and [a page](feed-rules.md) lists them.

This page is written from the catalogue itself (`src/sayso/error_codes/`).
"""


def errors_page() -> str:
    """The page, in Markdown."""
    parts = [HEAD]
    for section in catalogue():
        parts.append(f"## {section.title}\n\n{section.about}\n")
        for code in section.codes:
            parts.append(f"### `{code.id}`\n\n**{code.title}.** {code.meaning}\n\n{code.hint}\n")
    return "\n".join(parts)
