"""What a speech engine is: the class to derive from, and what it hands back.

An engine for a stranger's voice, whole:

    import numpy as np
    from sayso.speech.engines.base import Engine, EngineVoice, Speech

    class BeepEngine(Engine):
        name = "beep"
        about = "beeps"
        rank = 0                                # never chosen by `engine = "auto"`

        @property
        def version(self) -> str:
            return "1"

        def voices(self) -> tuple[EngineVoice, ...]:
            return (
                EngineVoice("low", "Low", "en", default=True),
                EngineVoice("high", "High", "en"),
            )

        def speak(self, text: str, voice: str, speed: float) -> Speech:
            pitch_hz = {"low": 220, "high": 440}[voice]
            n = int(16_000 * len(text) / 15 / speed)
            wave = np.sin(2 * np.pi * pitch_hz / 16_000 * np.arange(n))
            return Speech((wave * 6_000).astype(np.int16), sample_rate=16_000)

and in its package's pyproject.toml:

    [project.entry-points."sayso.engines"]
    beep = "beep_for_sayso:BeepEngine"

`sayso voices` then lists it, and `engine = "beep"` in show.toml uses it.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from sayso.errors import SpeechError
from sayso.model import WordMark

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class EngineVoice:
    """A voice that an engine has."""

    id: str
    """What show.toml names: `voice = "…"`."""
    name: str
    """What a person calls it."""
    language: str
    """BCP 47, as far as the engine tells: `en-US`."""
    sex: Literal["female", "male"] | None = None
    note: str = ""
    """How it sounds, in a few words, for `sayso voices`."""
    default: bool = False
    """Taken where show.toml names no voice."""


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """Voiced text: 16-bit mono samples, and when each word starts where the engine knows it."""

    samples: NDArray[np.int16]
    sample_rate: int
    words: tuple[WordMark, ...] = ()
    """Times count from the first sample, silence included."""


def describe_voice(voice: Any) -> tuple[str, str, str, str]:
    """Id, name, language and sex of a voice as pyttsx3 has it, as text."""
    languages = [each for each in voice.languages or () if each]
    return (
        str(voice.id),
        str(voice.name),
        str(languages[0]).replace("_", "-") if languages else "und",
        str(voice.gender or "").casefold(),
    )


class Engine(ABC):
    """A speech engine. Found by the entry-point group `sayso.engines`; see this module's text.

    One instance lives in a process and voices one text at a time, mostly in a worker process.
    `__init__` must be cheap: the main process makes an instance to ask for `version` and the
    voice, so models are loaded by the first `speak`.
    """

    name: ClassVar[str]
    """As in show.toml; the same as the entry point's name."""
    about: ClassVar[str] = ""
    """What its voices are like, in a line, for `sayso voices`; shown also where it is absent."""
    rank: ClassVar[int] = 0
    """`engine = "auto"` takes the installed engine of the highest rank; never one of rank 0."""
    takes_ipa: ClassVar[bool] = False
    """Whether `speak` understands `⟦written|ipa⟧`; where not, it gets the written word alone."""
    in_process: ClassVar[bool] = False
    """Whether `speak` may run in the main process, in several threads at once: no prints, no
    hangs, no C `exit`, no shared state. For a short job that saves the start of the workers."""
    work_ratio: ClassVar[float] = 0.1
    """About how many seconds of one core a second of speech takes; decides what is a short job."""

    @classmethod
    def installed(cls) -> str | None:
        """None when it can be used here, else the command that installs it.

        Asked often: look for packages (`importlib.util.find_spec`), never import them.
        """
        return None

    @classmethod
    def offered(cls) -> tuple[EngineVoice, ...]:
        """The voices that installing it would bring, for `sayso voices` where it is absent."""
        return ()

    @property
    @abstractmethod
    def version(self) -> str:
        """Everything that changes the bytes of a take besides text, voice and speed.

        The engine's own version, its model's, and those of the libraries that compute the sound.
        """

    @abstractmethod
    def voices(self) -> tuple[EngineVoice, ...]:
        """The voices that can be used here without a network."""

    def default_voice(self, cast: str) -> str:
        """The voice for the cast member `cast` where show.toml names none."""
        voices = self.voices()
        if not voices:
            raise SpeechError(f"the engine '{self.name}' has no voice here", code="voice-missing")
        return next((voice.id for voice in voices if voice.default), voices[0].id)

    def has_voice(self, voice: str) -> bool:
        """Whether `voice` can be used; override where a full list is slow to get."""
        return any(each.id == voice for each in self.voices())

    def unreadable(self, text: str, voice: str) -> tuple[str, ...]:
        """The words of `text` that `voice` would leave out or garble, to warn before a build."""
        return ()

    def sounds(self, text: str, voice: str) -> str | None:
        """What `speak` will say, as phonemes with spaces between words; None if it cannot tell.

        For checks: `conformance` finds words that nobody wrote by it.
        """
        return None

    def warm_up(self) -> None:  # noqa: B027 - most engines need nothing
        """Do what the first `speak` would have to do first: a worker waits for its first text."""

    @abstractmethod
    def speak(self, text: str, voice: str, speed: float) -> Speech:
        """Voice `text`, which is one sentence of at most about 300 characters.

        The same arguments must give the same bytes, whatever was said before. `voice` is one of
        `voices()`; 1.0 is the natural pace and a higher `speed` is faster. Silence at the ends is
        fine: it is trimmed later. Raises SpeechError, best `unsayable(...)`, where there is no
        sound to give: never returns empty samples.
        """


_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_SPACES = re.compile(r"\s+")
_SPACE_BEFORE_MARK = re.compile(r" +(?=[,.;:!?](?: |$))")
_SOUNDLESS = {"Cc": " ", "Cs": " ", "Co": " ", "Cf": ""}
_BRACKETS = str.maketrans("[]{}~*\\#^_|`", "()()        ")


def plain_text(text: str) -> str:
    """`text` without what an engine would take for a command or choke on.

    Control characters and lone surrogates go (NUL ends a C string), and so do soft hyphens and
    other marks without a sound; tags go (SSML); brackets turn into parentheses (`[[…]]` and
    `[x](/…/)` are phoneme notations); pictures go, and marks that are no words but that some
    engines name ("fire", "tilde", "hash").
    """
    text = "".join(_SOUNDLESS.get(unicodedata.category(c), c) for c in text)
    text = _TAG.sub(" ", text).translate(_BRACKETS)
    text = "".join(" " if _is_picture(c) else c for c in text)
    return _SPACE_BEFORE_MARK.sub("", _SPACES.sub(" ", text)).strip()


def _is_picture(character: str) -> bool:
    """Emoji and other pictograms, skin tones, and what combines them."""
    if character in "©®™°№℃℉":  # symbols with a word of their own
        return False
    return unicodedata.category(character) == "So" or character in "\u20e3\ufe0e\ufe0f🏻🏼🏽🏾🏿"


def has_words(text: str) -> bool:
    """Whether there is anything to say: a letter or a digit."""
    return any(c.isalnum() for c in text)


def flaw(speech: object) -> str | None:
    """What is wrong with what `speak` has returned; None for 16-bit mono at a usual rate."""
    if not isinstance(speech, Speech):
        return f"speak() returns a {type(speech).__name__}, not a Speech"
    kind, n_axes = (getattr(speech.samples, each, None) for each in ("dtype", "ndim"))
    if str(kind) != "int16" or n_axes != 1:
        return f"samples are {kind} in {n_axes} dimensions, not int16 in one"
    if not 8_000 <= speech.sample_rate <= 192_000:
        return f"a sample rate of {speech.sample_rate} Hz"
    return None


def bare(word: str) -> str:
    """`word` without the marks at its ends, as a `WordMark` holds it."""
    return word.strip("\"'“”‘’.,;:!?…()—–-")


def shorten(text: str) -> str:
    """The beginning of `text`, for a message."""
    return text if len(text) <= 60 else text[:59].rstrip() + "…"


def unsayable(engine: str, text: str) -> SpeechError:
    """The error for a text that an engine has no sound for."""
    return SpeechError(
        f"{engine} cannot say '{shorten(text)}'",
        code="unspeakable",
        hint='add it to lexicon.toml, or write it as [it]{say="…"} in the script',
    )
