"""Names that a voice may stumble on, for a lint."""

from __future__ import annotations

import re

from sayso.speech.spoken.lexicon import Lexicon
from sayso.speech.spoken.rule import words

_WORD = r"[^\W\d_a-z][^\W\d_]+(?:['’-][^\W\d_]+)*"
_PARTICLE = r"(?:de|del|della|der|den|di|da|du|la|le|van|von|bin|al|el|y|zu)"
_NAME = re.compile(rf"(?<![\w'’-]){_WORD}(?: (?:{_PARTICLE} )?{_WORD}){{0,3}}(?![\w-])")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:][\"”’')]*\s)[\"“‘'(]*$")
_FOREIGN = re.compile(
    r"[^\x00-\x7f’]"
    r"|^(?:Ng|Tch|Sz|Cz|Hw|Hj|Xi|Xu|Xa|Zh|Dz|Mb|Nk|Ts|Nj|Gy|Sr|Vl|Pf|Ll|Kj|Bj|Fj|Sj|Nd|Nw|Mk|Mw|Kh|Bh|Dh|Vr|Ij|Ts|Yv|Ae|Ao|Ei|Eo|Iy|Uy)"
    r"|(?:szcz|cz|sz|hj|jj|jk|jn|jd|kj|vj|aa|ii|uu|aoi|eou|iou(?!s)|uya|iya|eij|ij|yu|yi|yo(?!u|n|r)|eo[nk]|yeo|eung|hyun|hye|joo|hoon|seok|kw|hw|zh|xi[^n]|tz(?!$)|dh|bh|q(?!u)|[^aeiou]wn[^s]|mb(?=[aeo])|nk(?=[ou])|wy|oek|eux|aux|ille$|gn(?=[aeio])|cch|sch(?=[aeiw])|ng(?=[aou]))"
    r"|(?:wski|wska|ovic|ovich|evich|enko|quez|guez|dottir|sson|oglu|ini|elli|etti|ucci|azzo|esco|iewicz|shvili|yan|ez|eau|eaux|eu|ou|uki|oka|aki|ita|ura|moto|hara|awa|ji|zu|tsu|ko|ojo|ako|eke|ola|ima|wa|nga|mba|hui|huang|zhou|xia|xiu|jun|wen|ying|sik|sook|kyu|kyo|gyu|aal|iek|ij|uis|ais|ois|ueil|euil|oire|irse|aoi|eigh|oighe?|aidh|obhan|iamh)$",
)
_PLAIN = frozenset(
    words(
        "Sunday Alexander America Africa Asia Australia Canada Japan Chicago Mexico Florida "
        "Arizona Hawaii Bible Angeles Francisco York Jersey Yes You Young Your Toyota Nintendo "
        "Okay Spanish Tokyo Pixar Milwaukee Ohio Kentucky Disney Netflix Amazon Google Apple Bank "
        "Banks Uncle Monkey Anyone Beyond Wyoming Skywalker Pinocchio Zombie Zombies Squad Queen "
        "Quiz Iraq Angola Singapore Hungary Hungry Tango Kangaroo Mango Longo Congo Bingo Combat "
        "Cambridge Member Number Chamber December November September September Ambition Bombay "
        "Lambeth Mambo Columbo Hamburger Hamburg Ambassador Suzuki Sherwood Iowa Ottawa Also Coco "
        "Disco Costco Tesco San Juan Santa Solo Software Awake Beowulf Unwanted Two Paula Lola "
        "Cola Nicola Ebola Miami Siamese Zoo Aaron Isaac Maggie Ronan"
    )
)


def unknown_names(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Names in `text` with no entry in the lexicon that an English voice may stumble on.

    A name is a run of capitalised words; it is reported once, where a word of it looks foreign:
    letters with accents, clusters and endings that English words do not have, or the hyphenated
    given names of Korean. A guess from spelling alone: for a lint, not for a decision.
    """
    known = "".join(
        "\n" if i in covered else c
        for covered in [_covered(text, lexicon)]
        for i, c in enumerate(text)
    )
    found: dict[str, None] = {}
    for match in _NAME.finditer(known):
        run = match.group(0).split(" ")
        if _SENTENCE_START.search(known[max(0, match.start() - 4) : match.start()]):
            while run and run[0] in _OPENERS:
                run.pop(0)
        if any(_foreign(word) for word in run):
            found[re.sub(r"['’]s$", "", " ".join(run))] = None
    return tuple(found)


_OPENERS = frozenset(
    words(
        "The A An In On At As But And Or So If When While With For From By To Of Its His Her Their "
        "Our My This That These Those He She It They We You I Both Even Like After Before Then "
        "There Here Yet Director Writer Actor Actress Author Chef Mr Mrs Dr"
    )
)


def _covered(text: str, lexicon: Lexicon) -> set[int]:
    return {i for found in lexicon.find(text) for i in range(found.start, found.end)}


def _foreign(word: str) -> bool:
    bare = re.sub(r"['’]s$", "", word)
    if bare in _PLAIN or bare.isupper():
        return False
    if re.fullmatch(r"[A-Z][a-z]+-[a-z]{2,}", bare) and len(bare) < 13:
        return any(
            _FOREIGN.search(part) or len(part) <= 4 for part in bare.split("-")
        ) and not _COMPOUND.search(bare)
    return bool(_FOREIGN.search(bare[0] + bare[1:].lower()))


_COMPOUND = re.compile(
    r"-(?:in|up|out|off|on|to|of|the|and|for|by|down|away|back|free|made|like|old|year|day|end|life|time|hit|part|plus|size|style|fi|pop|core|edge|line|long|part|only|ever|known|based|level|budget|key|man|men|woman|up|ups|ish|er|ed|ing)$"
)
