"""The review room: a file → a `Review` → an `Outline`.

Every block of the review is in the outline once: placed in a segment, or not spoken, with a reason.
What the author says about segments overrides every guess. A file that is not valid raises
ReviewError.
"""

from sayso.language.sentences import split_sentences
from sayso.review.kind import Kind, Kinds, Segment
from sayso.review.kind_files import kinds_of_show, load_kinds, segment_ids
from sayso.review.kind_guess import KindGuess, guess_kind
from sayso.review.parsing import parse_review
from sayso.review.review_file import (
    ENDINGS,
    MAX_BYTES,
    read_review,
    review_from_bytes,
    usual_suffix,
)
from sayso.review.segmentation import outline
