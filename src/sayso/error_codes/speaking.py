"""What can be wrong with voices, sounds and pictures."""

from __future__ import annotations

from sayso.error_codes.code import Code, Section

SECTIONS = (
    Section(
        "Voices",
        "Speech engines and their voices.",
        (
            Code(
                "unknown-engine",
                "No such speech engine",
                "An engine is named that is neither part of sayso nor brought by an installed "
                "package.",
                '`sayso voices` lists the engines. `engine = "auto"` takes the best that is '
                "installed.",
            ),
            Code(
                "engine-missing",
                "A speech engine is not installed",
                "The engine is known, but its package or its model is not here.",
                "Run the command that the message shows, then `sayso doctor`, which says a "
                "sentence with each engine.",
            ),
            Code(
                "engine-broken",
                "A speech engine does not load",
                "The engine's package or model is here, but damaged, of a wrong version, or not "
                "made for this Python.",
                "Install it again, as the message shows. `sayso doctor` proves that it speaks.",
            ),
            Code(
                "voice-missing",
                "The engine does not have this voice",
                "The engine is there, the voice is not: it is misspelt, or its files are not on "
                "this machine.",
                "`sayso voices` lists what can speak here. Where files are missing, the message "
                "says where they belong.",
            ),
            Code(
                "unspeakable",
                "A voice cannot say this text",
                "The engine finds no sound for a text, as for a script that it does not know, or "
                "the text is too long for one breath.",
                'Respell it in lexicon.toml, or in the script as `[it]{say="…"}`; cut a very '
                "long sentence.",
            ),
            Code(
                "engine-failed",
                "A speech engine failed",
                "The engine was asked for a sentence and gave an error, or no sound.",
                "Say the sentence otherwise, or choose another engine with `--engine`. If it "
                "fails with every sentence, run `sayso doctor`.",
            ),
            Code(
                "engine-died",
                "The process of a speech engine died",
                "Engines run in processes of their own, so that a crash costs nothing but time. "
                "This sentence has ended several of them.",
                "Say the sentence otherwise, or choose another engine. Where the message tells "
                "of a signal 9, the machine is short of memory: `--jobs 1`.",
            ),
            Code(
                "engine-slow",
                "A speech engine took too long",
                "A sentence was not spoken within the time limit, twice.",
                "See whether the machine is busy. Say the sentence otherwise, or choose another "
                "engine.",
            ),
            Code(
                "engine-version",
                "Two machines have different versions of an engine",
                "The machines of a cluster must speak with the same version, or an episode would "
                "have two sounds of one voice.",
                "Install the version of the building machine on the others.",
            ),
            Code(
                "cluster-lost",
                "The cluster does not answer",
                "`--workers tcp://…` hands the voicing to a Dask cluster. Its scheduler or its "
                "workers cannot be reached, or cannot run sayso.",
                "Check the address, and that `dask worker` runs in a Python with the same sayso. "
                "What has been voiced is kept.",
            ),
            Code(
                "damaged-cache",
                "Something kept in the cache is damaged",
                "A sentence or a stretch of sound that was to be read from the cache has "
                "vanished, or is not what was written.",
                "Run the same command again: what is missing is made again. `sayso cache "
                "--clear` removes all.",
            ),
        ),
    ),
    Section(
        "Sound and pictures",
        "Music, covers and sound files.",
        (
            Code(
                "bad-sound",
                "A sound cannot be used",
                "The file is no sound that sayso can read, is empty, or is damaged.",
                "Export it as WAV, FLAC, OGG or MP3.",
            ),
            Code(
                "file-changed",
                "A file changed while it was read",
                "A sound was saved by another program during the build.",
                "Run the same command again.",
            ),
            Code(
                "bad-picture",
                "A picture cannot be used",
                "A cover must be a square JPEG or PNG of 1400 to 3000 pixels in RGB; directories "
                "refuse others.",
                "Save it as the message asks. Without a cover, sayso draws one.",
            ),
            Code(
                "ffmpeg-missing",
                "ffmpeg is not installed",
                "MP3, FLAC and WAV need nothing. Other formats, such as Opus or M4A, are written "
                "by ffmpeg.",
                "Install ffmpeg with the system's package manager, or leave the format out.",
            ),
            Code(
                "ffmpeg-failed",
                "ffmpeg could not write a format",
                "ffmpeg is here and gave an error, which the message quotes: mostly it was built "
                "without that encoder.",
                "Install a full ffmpeg, or leave the format out.",
            ),
            Code(
                "no-player",
                "Nothing here plays sound",
                "`sayso play` uses a player that is installed. There is none, or it failed.",
                "Install one that the message names, or open the file in any player.",
            ),
        ),
    ),
)
