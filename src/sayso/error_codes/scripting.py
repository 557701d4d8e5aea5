"""What can be wrong with scripts and templates, and what is remarked on a script."""

from __future__ import annotations

from sayso.error_codes.code import Code, Section

SECTIONS = (
    Section(
        "The script",
        "Episode scripts, which you edit.",
        (
            Code(
                "script-syntax",
                "A line of the script breaks the format",
                "A script is Markdown with a few signs of its own: headings with `{#id …}`, cues "
                'such as `{pause 0.6s}`, words with `{say="…"}`.',
                "Go to the line that is named. docs/script-format.md has all signs; a literal "
                "brace is written `\\{`.",
            ),
            Code(
                "unknown-voice",
                "No such voice in the cast",
                "A script, a template or `--voice` names a member of the cast that "
                "`[voices.NAME]` in show.toml does not have.",
                "Take the name that the message proposes, or add the voice to show.toml. Where "
                "`NAME:` at the start of a paragraph is no voice, write `NAME\\:`.",
            ),
            Code(
                "unknown-sound",
                "No such sting or bed",
                "A script or a template names music that `[sounds.NAME]` in show.toml does not "
                "have.",
                "Take the name that the message proposes, or add the sound to show.toml.",
            ),
            Code(
                "script-conflict",
                "Your edit and the new rendering disagree",
                "The review or the template has changed, and so have you changed the same lines "
                "of the script. Nothing has been written.",
                "`sayso script REVIEW --merge` writes both versions into the script for you to "
                "choose; `--force` takes the new one and keeps a backup of yours. The studio "
                "shows both side by side.",
            ),
            Code(
                "unsettled-conflict",
                "A conflict in the script waits for you",
                "`--merge` has written two versions of some lines into the script, between lines "
                "of `<<<<<<<` and `>>>>>>>`.",
                "Keep one version of each, delete the other and the marker lines, and build again.",
            ),
            Code(
                "lost-words",
                "Words of the review would get lost",
                "Every sentence of the review is in the script once. A template, or a merge, "
                "would drop one, repeat it, or change its words.",
                "In a template, print `{{ text }}` as it is, once in each segment. After a "
                "merge, `sayso script REVIEW --force` renders anew and keeps a backup.",
            ),
            Code(
                "nothing-to-say",
                "There is nothing to say",
                "A text holds no letters or digits, so that no voice can say it.",
                "Write words, or delete the paragraph.",
            ),
            Code(
                "stale-page",
                "The studio's page is older than the file",
                "What the page wants to change is not there any more, because the file was "
                "changed elsewhere. Nothing has been written.",
                "Load the page again. Words that you typed can be copied first.",
            ),
        ),
    ),
    Section(
        "Templates",
        "Templates of scripts and of web pages.",
        (
            Code(
                "template-syntax",
                "A template does not compile",
                "The template breaks the rules of Jinja, or a tag has an option that it does not "
                "take.",
                "Go to the line that is named: look for a tag that is not closed, or a misspelt "
                "one. scripts/README.md has all tags.",
            ),
            Code(
                "template-error",
                "A template fails",
                "The template compiles, but does something on the way that cannot be done with "
                "that value.",
                "The message names the line and what is allowed. scripts/README.md has all "
                "filters and functions.",
            ),
            Code(
                "template-name",
                "A template uses a name that is not there",
                "A variable, a field, a filter, a function or a tag is not known here. Templates "
                "see plain data only, and nothing of Python.",
                'Take the name that the message proposes. `default("…")` gives a value for keys '
                "that not every review has.",
            ),
            Code(
                "template-limit",
                "A template does too much",
                "Templates may come from others, so they have limits: on the length of what they "
                "print, the size of lists and numbers, and the depth of calls.",
                "Look for a loop or an include without an end near the line that is named.",
            ),
            Code(
                "unknown-template",
                "No such template",
                "The template in show.toml, in the front matter, after `--template`, or in an "
                "`extends` or `include` is neither in `scripts/` of the show nor one of those "
                "that come with sayso.",
                "Take the name that the message proposes, without its ending: `tv`, `film`.",
            ),
            Code(
                "unknown-block",
                "A template's words would not be heard",
                "A template that extends another only changes the blocks of that one. It names a "
                "block that the other does not have, or has words outside of all blocks.",
                "Put the words into a block that the message names.",
            ),
            Code(
                "segment-placement",
                "A segment tag stands in the wrong place",
                "Segments do not nest, each is named once, there is one `rest`, and `opener()` "
                "comes before the first.",
                "Move or delete the tag in the line that is named.",
            ),
        ),
    ),
    Section(
        "Remarks",
        "What `sayso script --check` and the studio remark on a script. They stop nothing.",
        (
            Code(
                "silent-segment",
                "A segment says nothing",
                "A heading is followed by no paragraph, so that its chapter would be empty.",
                "Write words, or delete the heading.",
            ),
            Code(
                "repeated-id",
                "Two segments have the same id",
                "Links and chapters find a segment by its id.",
                "Give the second another id, such as `{#cast-2}`.",
            ),
            Code(
                "many-segments",
                "More segments than chapters",
                "A table of chapters in an MP3 has room for 255.",
                "Join some segments.",
            ),
            Code(
                "long-sentence",
                "A long sentence",
                "Over 30 words, listeners lose the beginning.",
                "Cut it in two.",
            ),
            Code(
                "long-pause",
                "A long pause",
                "Over 2.5 seconds of silence sound like a fault of the player.",
                "Shorten it, or let music play.",
            ),
            Code(
                "torn-apart",
                "A sentence stands away from what it leans on",
                "“He then …” or “… as follows:” was moved away from the sentence beside it in "
                "the review.",
                "Reword it, or move it back.",
            ),
            Code(
                "unspelt-name",
                "A name without an entry in the lexicon",
                "A voice may stumble on it.",
                'Hear it with `sayso say "NAME"`. If it sounds wrong, add it to lexicon.toml.',
            ),
        ),
    ),
)
