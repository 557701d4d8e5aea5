"""Words in capitals: acronyms and shouting; and names of letters and digits.

Measured with hibari 0.2.1 and espeak-ng 1.51 by their phonemes:

- espeak-ng reads any capitals that it can pronounce as a word unless they are in its list: AMC
  "amk", MCU "mkoo", NYC "nick", EA "ee", UFC "ufk"; hibari spells whatever is not in its
  dictionary: SUPERHOT letter by letter. So neither can be left to itself where there is a vowel.
- `A M C` with spaces begins with the article in both ("uh em see"); `A.M.C` without a last stop is
  spelled right by both, anywhere, and ends no sentence. `A.M.C.` before a capital ends one.
- Without a vowel (BBC, HDMI has one) both spell; these stay as written, but for a plural s, which
  espeak-ng drops: DVDs becomes D.V.D's.
- A lone letter A is the article; `eh` is the letter's name in both.
"""

from __future__ import annotations

import re

from sayso.speech.spoken.number_words import model_number
from sayso.speech.spoken.rule import Reading, Rule, rule, words

SPELLED = frozenset(
    words(
        "AI AV EA IP PC PR TV UK EU UN AC DC DJ MC VR AR XR HD CD GI QA UI UX PE ABC AMC ANC AOL "
        "CIA DIY DOA DUI FAQ GUI LED MIA MOD NYC POV RIP TBA TBD UFO VIP ACLU AOUAD CUNY EULA "
        "UCLA LGBTQIA YMCA YWCA ACAB ATEEZ UNIS AFI ICU IOU BYOB ICYMI COO CEO CFO CTO"
    )
)
"""Spelled although they could be words."""

WORDS = frozenset(
    words(
        "BAE HAL BIOS CAD CAM COVID DOS FEMA GIF GOTY JPEG LAN LIDAR LAPSE LARP MAD NASA NATO OPEC "
        "PETA PIN RAM ROFL ROM SAG SARS SAT SIM SNES TARDIS VAR WAN WASP XBOX XCOM YOLO ZIP"
    )
)
"""Acronyms said as words that the test by spelling would miss."""

SHORT_WORDS = frozenset(
    words(
        "an as at be by do go he if in is me my no of oh on or so to up we ah ha hi ho all and any "
        "are ask bad bag bar bed big bit box boy bus but buy can car cat cry cut dad day did die "
        "dog dry due ego end era eye fan far fat few fit fix fly for fun gap get god got gun guy "
        "had has hat her hey him his hit hot how ice ill its job joy key kid law let lie lot low "
        "man may men met mix mom mum new nor not now odd off old one our out own pay per pet pop "
        "put ran raw red run sad saw say sea see set sex she sir sit six sky son sum sun tag tax "
        "tea ten the tie tip too top toy try two use van via war was way web who why win won wow "
        "yes yet you zoo huh aww yay nah yep meh ugh fox cab cup eat egg gum hen ink jam leg lip "
        "map mud net nut oak owl pan pen pie pig pit pot rat rib rod row rug ski spy tap tin toe "
        "tub vet wax wig age aid aim air ale ape arm art ash axe bat beg bet bin bow bud bug cow "
        "cue den dig dim dip dot ear elf fee fig fog gas gem gin ham hay hip hop hug hut inn ivy "
        "jar jaw jay jet lab lad lap lay lit log mob nap ode pad paw pub rag ray rob sap sew sin "
        "sip sob soy spa tan tar tow tug vow wed wet wit"
    )
)
"""English words of two and three letters; other capitals of that length are spelled."""

AMBIGUOUS = frozenset(("US", "IT", "AM", "PM", "OK", "ID"))
"""Both engines spell these; they are words only inside a headline, where US is us."""

_ONSETS = frozenset(
    words(
        "BL BR CH CL CR DR DW FL FR GH GL GN GR KN KR KL PH PL PR PS QU RH SC SH SK SL SM SN SP SQ "
        "ST SW TH TR TW WH WR SCH SCR SHR SPL SPR STR THR CHR PHR SPH SQU"
    )
)
_CODAS = frozenset(
    words(
        "CK CT FT LD LF LK LL LM LP LT MB MP ND NG NK NT PT RB RD RF RG RK RL RM RN RP RT RV SH SK "
        "SM SP SS ST TH TT ZZ CH GH PH FF GG NN WN WL WK LS NS RS TS PS KS CS DS MS BS GS RST RLD "
        "NTH LTH TCH GHT NCH NGTH RTH MPT NCT XT RCH RSH LCH NX NGS CKS LLS RLS RDS NDS NTS STS "
        "THS"
    )
)
_CLUSTERS = re.compile(r"[AEIOUY]+|[^AEIOUY]+")


def has_vowel(word: str) -> bool:
    """Whether an engine may take capitals for a word: `NYC` is "nick" to espeak-ng."""
    return any(letter in "AEIOUY" for letter in word)


def shouted(word: str) -> bool:
    """Whether a word in capitals is an ordinary word in a loud voice, and not an acronym.

    Up to three letters it must be a known word; from four on, it is one where an English speaker
    could pronounce it: SUPERHOT, but not ESPN or LOTR.
    """
    if word in SPELLED or word in AMBIGUOUS or not has_vowel(word):
        return False
    if word in WORDS or word.lower() in SHORT_WORDS:
        return True
    return len(word) > 3 and _pronounceable(word)


def _pronounceable(word: str) -> bool:
    clusters = _CLUSTERS.findall(word)
    if not has_vowel(clusters[0]) and len(clusters[0]) > 1 and clusters[0] not in _ONSETS:
        return False
    if not has_vowel(clusters[-1]) and len(clusters[-1]) > 1 and clusters[-1] not in _CODAS:
        return False
    return all(len(cluster) <= 3 for cluster in clusters[1:-1])


_ROMAN = re.compile(r"^(?=.)X{0,3}(?:IX|IV|V?I{0,3})$")


def spell(letters: str) -> str:
    """`AMC` → A.M.C, which both engines spell."""
    return letters if not has_vowel(letters) else ".".join(letters)


def _headline(match: re.Match[str], reading: Reading) -> str:
    """Several words in capitals: a headline or a shout, where US and IT are words."""
    words = match.group(0).split(" ")
    bare = [_BARE.sub("", word) for word in words]
    loud = [word for word in bare if shouted(word) and word not in WORDS]
    if len(words) == 2:
        headline = len(loud) == 1 and ("IT" in bare or "US" in bare)
    else:
        headline = len(loud) > 2 or any(len(word) > 3 for word in loud)
    if not headline:
        return match.group(0)
    return " ".join(
        word.lower() if name == "A" or name in AMBIGUOUS - {"OK"} or shouted(name) else word
        for word, name in zip(words, bare, strict=True)
    )


def _capitals(match: re.Match[str], reading: Reading) -> str:
    word, ending = match.group(1), match.group(2) or ""
    if _ROMAN.match(word) or (word in AMBIGUOUS and ending != "s"):
        return match.group(0)
    if shouted(word):
        return word.lower() + ending.lower()
    if len(word) > 6 and word not in SPELLED:
        return word.lower() + ending.lower()  # nobody spells seven letters
    if ending and ending[-1] in "sS":
        return ".".join(word) + "'s"
    return spell(word) + ending


def _contraction(match: re.Match[str], reading: Reading) -> str:
    text = match.group(0).lower()
    return "I" + text[1:] if text.startswith(("i'", "i’")) else text


def _split(match: re.Match[str], reading: Reading) -> str:
    runs = _RUN.findall(match.group(0))
    if len(runs) > 6:
        return match.group(0)
    words: list[str] = []
    for i, run in enumerate(runs):
        last = i == len(runs) - 1
        if run.isdigit():
            words.append(model_number(run, reading.british))
        elif run == "s" and last and i:
            words[-1] += "'s"
        elif run in ("A", "a") and last:
            words.append("eh")
        elif run.isupper() and run != "A" and i:
            words.append(spell(run))
        else:
            words.append(run.upper() if i and len(run) < 3 else run)
    # "A 24" would begin with the article.
    return " ".join(words).replace("A ", "A-", 1) if runs[0] == "A" else " ".join(words)


def _lettered(match: re.Match[str], reading: Reading) -> str:
    return match.group(1) + "eh"


_BARE = re.compile(r"['’-].*$")
_RUN = re.compile(r"[A-Za-z]+|[0-9]+")
_STYLED = {
    "Se7en": "Seven", "M3GAN": "Megan", "Ke$ha": "Kesha", "P!nk": "Pink", "A$AP": "A-sap",
    "Thir13en": "Thirteen", "3OH!3": "three oh three", "S1m0ne": "Simone", "WALL·E": "Wall-E",
    "WALL-E": "Wall-E", "IMDb": "I.M.D.B", "iOS": "i O.S", "macOS": "mac O.S", "PvP": "P.V.P",
    "PvE": "P.V.E", "GoT": "G.O.T", "PhD": "P.H.D", "PhDs": "P.H.D's", "Mid90s": "Mid Nineties",
    "mid90s": "mid nineties", "tl;dr": "T.L.D.R", "TL;DR": "T.L.D.R",
    "Will.i.am": "Will I am",
    "S.T.A.L.K.E.R": "Stalker", "F.E.A.R": "Fear", "LaTeX": "latek",
    "T.A.R.D.I.S": "Tardis", "S.H.I.E.L.D": "Shield", "R.E.P.O": "Repo", "S.W.A.T": "Swat",
}  # fmt: skip
"""Titles and names of odd spelling that many reviews hold."""


def _styled(match: re.Match[str], reading: Reading) -> str:
    return _STYLED[match.group(1)]


def _letters_and(match: re.Match[str], reading: Reading) -> str:
    first, second = ("eh" if letters == "A" else ".".join(letters) for letters in match.group(1, 2))
    return f"{first} and {second}{chr(39) + 's' if match.group(3) else ''}"


_ODD_SPELLINGS = "|".join(re.escape(key) for key in sorted(_STYLED, key=len, reverse=True))

STYLED: tuple[Rule, ...] = (
    rule(
        "styled name",
        rf"(?<![\w.])({_ODD_SPELLINGS})(?:(?<=\.[A-Z])\.)?(?![\w])",
        _styled,
        needs="!$379ADFGHKMOPRSX·;W",
    ),
    rule(
        "letters and letters",
        r"(?<![\w&.])([A-Z]{1,2})&([A-Z]{1,2})(['’]?s)?(?![\w&]|\.[A-Z])",
        _letters_and,
        needs="&",
    ),
    rule("letters and letters", r"\b([A-Z]) & (A)()\b(?!\.[A-Z])", _letters_and, needs="&"),
)

_TOKEN = r"(?=[A-Za-z]{0,12}[0-9])(?=[0-9]{0,6}[A-Za-z])[A-Za-z0-9]{2,16}(?![\w])(?!\.\d)"

MODELS: tuple[Rule, ...] = (
    rule("letters and digits", rf"(?<![\w.]){_TOKEN}", _split),
    rule("letters and digits", rf"(?<=[A-Za-z]-){_TOKEN}", _split, needs="-"),
)

_LOUD = r"[A-Z]{1,20}(?:['’][A-Z]{1,3})?"
_ENDING = r"s|['’][sS]"
_CONTRACTION = (
    r"[A-Z]{1,8}N['’]T|(?:I|YOU|WE|THEY|HE|SHE|IT|THAT|THERE|WHO|WHAT|WHERE|HERE|LET|HOW)"
    r"['’](?:S|RE|VE|LL|D|M)"
)
_GRADED = (
    "plan|vitamin|class|team|grade|side|hepatitis|option|type|category|straight|triple|level|group"
)

RULES: tuple[Rule, ...] = (
    rule(
        "loud contraction", rf"(?<![\w.'’-])(?:{_CONTRACTION})(?![\w'’])", _contraction, needs="'N’"
    ),
    rule("headline", rf"(?<![\w.-]){_LOUD}(?:[ -]{_LOUD}){{1,12}}(?!\w)(?!\.\w)", _headline),
    rule("capitals", rf"(?<![\w.])([A-Z]{{2,20}})({_ENDING})?(?!\w)(?!\.[A-Z])", _capitals),
    rule("letter A", rf"\b((?i:{_GRADED}) )A(?![\w'’])", _lettered, needs="A"),
    rule("letter A", r"(?<=\b[Aa]n )A(?=$|[\s.,;:!?])(?!\.\w)", "eh", needs="A"),
)
