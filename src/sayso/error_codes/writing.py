"""What can be wrong with what authors write: reviews and a show's settings."""

from __future__ import annotations

from sayso.error_codes.code import Code, Section

SECTIONS = (
    Section(
        "The review",
        "Reviews: their files, their text, and the front matter at their top.",
        (
            Code(
                "no-such-file",
                "There is no such file",
                "A file or folder that a command, show.toml or a script names is not there.",
                "Check how it is spelt, and from which folder the path counts: paths in "
                "show.toml and in scripts begin at the folder of show.toml, those on the command "
                "line where you are.",
            ),
            Code(
                "unreadable",
                "A file cannot be read",
                "The file is there, but the system does not give its content.",
                "The message says why. Copy the file to another place, or save it again.",
            ),
            Code(
                "not-a-text",
                "This is not a text",
                "A review is Markdown, plain text or a saved web page. This is a folder, a "
                "picture, a document of an office program, or holds bytes that no text has.",
                "Name another file. From an office program, export or save as plain text or "
                "Markdown.",
            ),
            Code(
                "not-a-review",
                "This is not a review",
                "The file is the script of an episode. A build begins with the review, and takes "
                "the script, with all that you have changed in it, from the episode's folder.",
                "Name the review: `sayso build reviews/x.md`.",
            ),
            Code(
                "not-utf8",
                "The text is not UTF-8",
                "sayso reads texts as UTF-8, as nearly all programs write them today. The "
                "message names the first byte that does not fit.",
                "Open the file in an editor and save it with the encoding UTF-8.",
            ),
            Code(
                "too-large",
                "A file is larger than sayso reads",
                "Reviews, scripts, templates, feeds, pictures and sounds have upper limits, far "
                "above what they need, so that a wrong file cannot fill the memory. The message "
                "names the limit.",
                "Check that it is the right file. If it is, cut it, split it, or save it smaller.",
            ),
            Code(
                "empty-review",
                "There is nothing in the review",
                "The file is empty, or holds nothing that a voice can say: front matter, "
                "pictures, addresses.",
                "Write a paragraph of text.",
            ),
            Code(
                "front-matter-syntax",
                "The front matter cannot be read",
                "The lines between `---` (YAML) or `+++` (TOML) at the top of a review are not "
                "of that format.",
                "Go to the line that is named. Write one `key: value` a line, with quotes around "
                "a value that holds a colon.",
            ),
            Code(
                "front-matter-value",
                "A value in the front matter makes no sense",
                "A key of the front matter, such as `date`, `segments` or `podcast_season`, has "
                "a value that it cannot have.",
                "Write what the message proposes, or delete the line.",
            ),
            Code(
                "unknown-kind",
                "No such kind of review",
                "The kind in the front matter, in show.toml or after `--kind` is none that sayso "
                "or the show has.",
                "`sayso script --help` and docs/kinds.md name those that there are. Without a "
                "kind, sayso guesses.",
            ),
            Code(
                "unknown-segment",
                "No such segment",
                "A segment (a part of the review, such as `cast` or `verdict`) is named that "
                "this kind of review or this episode does not have.",
                "Take the one that the message proposes. `sayso script REVIEW --explain` shows "
                "all of a review.",
            ),
            Code(
                "no-article",
                "No article in the web page",
                "sayso looks for the text of the review in a saved web page, and found none that "
                "is long enough.",
                "Save the page once it is fully loaded, or copy the text of the review into a "
                "Markdown file.",
            ),
            Code(
                "bad-file-name",
                "A file name cannot be used",
                "The folder of an episode is named after the file of its review, in small "
                "letters from a to z, digits and hyphens. This name has none of them, or is too "
                "long for the file system.",
                "Rename the file, for instance to `the-long-tide.md`.",
            ),
            Code(
                "already-there",
                "Something else is there already",
                "The command would write where another show, review or episode is. Nothing has "
                "been written.",
                "Choose another name, or move away what is there.",
            ),
        ),
    ),
    Section(
        "The show",
        "show.toml, the lexicon, and kinds of review.",
        (
            Code(
                "toml-syntax",
                "A TOML file cannot be read",
                "show.toml, lexicon.toml or a kind of review breaks the rules of TOML.",
                "Go to the line that is named. Text stands in double quotes, and each key on a "
                "line of its own, after the `[table]` that it belongs to.",
            ),
            Code(
                "unknown-setting",
                "No such setting",
                "show.toml, or a variable of the environment, sets what sayso does not know: "
                "mostly a misspelt name, or one in the wrong table.",
                "Take the name that the message proposes. `sayso config` lists all settings.",
            ),
            Code(
                "bad-setting",
                "A setting cannot have this value",
                "The name of the setting is right, its value is not: a number out of range, a "
                "text where a number is needed, an unknown word.",
                "Write what the message asks for. `sayso config --explain` shows where each "
                "value comes from.",
            ),
            Code(
                "missing-setting",
                "A setting is needed and not there",
                "What is asked for cannot be done without it: a show needs a title, a sound a "
                "file, a feed an address and a category.",
                "Add the line that the message shows to show.toml.",
            ),
            Code(
                "outside-show",
                "A path leads out of its folder",
                "Sounds, templates and folders to publish to are looked for in the show's folder "
                "alone, also through symbolic links: so a show from somebody else can neither "
                "read nor overwrite your other files.",
                "Copy the file into the show's folder.",
            ),
            Code(
                "bad-kind",
                "A kind of review makes no sense",
                "A file in `kinds/` of the show is TOML, but does not describe a kind of review.",
                "The message names the key. docs/kinds.md shows the whole format.",
            ),
            Code(
                "bad-lexicon",
                "An entry of the lexicon makes no sense",
                "lexicon.toml says how names sound. An entry, or its layout, cannot be used.",
                'Put `[words]` on a line of its own and below it one entry a line: `"Cho '
                'Yi-hyun" = "Cho Yee-hyun"`.',
            ),
        ),
    ),
)
