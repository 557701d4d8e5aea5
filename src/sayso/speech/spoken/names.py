"""Names that a voice may stumble on, for a lint."""

from __future__ import annotations

import re

from sayso.speech.spoken.lexicon import Lexicon
from sayso.speech.spoken.rule import words

_WORD = r"[^\W\d_a-z][^\W\d_]+(?:['’-][^\W\d_]+){0,4}"
_PARTICLE = r"(?:de|del|della|der|den|di|da|du|la|le|van|von|bin|al|el|y|zu)"
_POSSESSIVE = re.compile(r"['’]s$")
_NAME = re.compile(rf"(?<![\w'’-]){_WORD}(?:(?<!['’]s) (?:{_PARTICLE} )?{_WORD}){{0,3}}(?![\w-])")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:][\"”’')]{0,2}\s)[\"“‘'(]{0,2}$")

# Spellings that English words rarely have; chosen by hand from the names in reviews of world
# cinema, and tried on English prose to keep false alarms low.
_START = (
    "Ng|Ny|Tch|Sz|Cz|Hw|Hj|Xi|Xu|Xa|Zh|Dz|Mb|Nk|Ts|Nj|Gy|Sr|Vl|Pf|Kj|Bj|Fj|Sj|Nd|Nw|Mw|Bh|Dh|Vr|Ij|"
    "Yv|Ao|Ei(?!g|n)|Iy|Uy|Ejio|Saoi|Niam|Siob|Aoi|Cao|Chiw"
)
_INSIDE = (
    "szcz|cz|sz|hj|jj|jk|jn|jd|kj|vj|aa|ii|uu|aoi|uya|iya|eij|ij|yeo|yu(?!le)|yi(?!n)|eong|eung|"
    "hyu|hye|joon|hoon|seok|kw|zh|q(?!u)|nko|nku|wyc|oek|eux|cch|sch[aeiw]|tsu|nji|ngo[^nu]|iw"
)
_END = (
    "wski|wska|ovic|ovich|evich|enko|quez|guez|dottir|sson|oglu|tini|elli|etti|ucci|azzo|esco|icz|"
    "shvili|eaux|uki|oka|aki|moto|hara|awa|tsu|jo|ako|eke|wa|nga|mba|hui|uang|zhou|xiu|jun|sook|"
    "kyu|gyu|haal|ueil|euil|oire|irse|eigh|aidh|bhan|iamh|ejo|uji|eru|iro|ndez|iguel|ouf|oud|ric[hk]e"
)
_FOREIGN = re.compile(rf"[^\x00-\x7f’]|^(?:{_START})|(?:{_INSIDE})|(?:{_END})$")
_GIVEN = re.compile(
    r"[A-Z][a-z]{0,6}-(?:hyun|hyeon|young|yeong|hu|su|soo|jin|min|ho|hoo|woo|joon|jun|seo|seok|ji|"
    r"eun|hee|hye|kyung|gyeong|kyu|gyu|won|yeon|sung|seung|tae|dong|jae|sik|shik|wook|hoon|ah|mi|"
    r"na|ra|rim|bin|chul|cheol|gu|gil|geun|hwa|hwan|ki|gi|kyo|myung|nam|rae|ri|san|sang|sook|suk|"
    r"uk|yong|yoon|yun|yu|yul|jo|jong|ju|joo|kwang|kwon|moon|pyo|shin|sol|ha|han|hae|hyo|hyuk|beom|"
    r"bum|il|chan|chang|gon|gwan|lim|deok|rok|eon|ryul)"
)
"""A Korean given name: `Yi-hyun`. Listed, because English too hyphenates after a capital."""
_PLAIN = frozenset(
    words(
        "Alaska Nebraska Hawaii Kuwait Iraq Qatar Isaac Aaron Skiing Vacuum Continuum Polka Judo "
        "Dojo Mojo Banjo Iowa Ottawa Czech Kiwi Spaghetti Taiwan Taiwanese Yukon Yuppie Iguana "
        "Cloud Proud Loud"
    )
)
_OPENERS = frozenset(
    words(
        "The A An In On At As But And Or So If When While With For From By To Of Its His Her Their "
        "Our My This That These Those He She It They We You I Both Even Like After Before Then "
        "There Here Yet Director Writer Actor Actress Author Chef Mr Mrs Dr"
    )
)


def unknown_names(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Names in `text` with no entry in the lexicon that an English voice may stumble on.

    A name is a run of capitalised words; it is reported once, where a word of it looks foreign:
    letters with accents, clusters and endings that English words do not have, or the hyphenated
    given names of Korean. A guess from spelling alone: for a lint, not for a decision.
    """
    characters = list(text)
    for known in lexicon.find(text):
        characters[known.start : known.end] = "\n" * (known.end - known.start)
    rest = "".join(characters)
    found: dict[str, None] = {}
    for match in _NAME.finditer(rest):
        name = match.group(0).split(" ")
        if _SENTENCE_START.search(rest[max(0, match.start() - 5) : match.start()]):
            while name and name[0] in _OPENERS:
                name.pop(0)
        if any(_foreign(word) for word in name):
            found[_POSSESSIVE.sub("", " ".join(name))] = None
    return tuple(found)


def _foreign(word: str) -> bool:
    bare = _POSSESSIVE.sub("", word)
    if bare in _PLAIN or bare.isupper():
        return False
    if _GIVEN.fullmatch(bare):
        return True
    parts = [part for part in bare.split("-") if part[:1].isupper() and not part.isupper()]
    return any(_FOREIGN.search(part[0] + part[1:].lower()) for part in parts)
