"""What a person changes in the page, written as they would write it: text in, text out.

Every function keeps what it does not change byte for byte, reads no file and writes none. The
errors that it raises are those of the file's reader, with problem and hint.
"""

from sayso.studio.edits.lexicon import set_word
from sayso.studio.edits.review import put_in_segment
from sayso.studio.edits.script import (
    KEEP,
    Keep,
    insert_after,
    remove,
    set_bed,
    set_head,
    set_pause,
    set_sound,
    set_sting,
    set_voice,
    set_words,
    words_of,
)
from sayso.studio.edits.settling import Merged, rebase
