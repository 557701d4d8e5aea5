"""Written → spoken: spans of a script in, the words that a voice should be handed out.

An ordered table of named rules (`rules.py`) with a trace; the show's lexicon and the author's
`Say` spans come first and are left alone. Nothing that can be said is ever lost.
"""

from sayso.speech.spoken.clean import sayable
from sayso.speech.spoken.ipa import Ipa, split_ipa, without_ipa
from sayso.speech.spoken.lexicon import EMPTY, Entry, Lexicon, load_lexicon, show_lexicon
from sayso.speech.spoken.names import unknown_names
from sayso.speech.spoken.pieces import pieces
from sayso.speech.spoken.rule import Step
from sayso.speech.spoken.speaking import Spoken, speak, speak_text
