"""Which words in capitals are spelled, and which are words in a loud voice."""

from __future__ import annotations

import re

from sayso.speech.spoken.rule import words

SPELLED = frozenset(
    words(
        "AI AV EA IP PC PR TV UK EU UN AC DC DJ MC VR AR XR HD CD GI QA UI UX PE ABC AMC ANC AOL "
        "CIA DIY DOA DUI FAQ GUI LED MIA MOD NYC POV RIP TBA TBD UFO VIP ACLU AOUAD CUNY EULA IMHO "
        "UCLA LGBTQIA YMCA YWCA ACAB ATEEZ UNIS AFI ICU IOU BYOB COO CEO CFO CTO"
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
        "jar jaw jet lab lad lap lay lit log mob nap ode pad paw pub rag ray rob sap sew sin sip "
        "sob soy spa tan tar tow tug vow wed wet wit"
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
