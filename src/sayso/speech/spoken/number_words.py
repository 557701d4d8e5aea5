"""Numbers as English words."""

from __future__ import annotations

from sayso.speech.spoken.rule import words

ONES = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
TENS = words("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand"))
LARGEST = 10**15 - 1
"""The largest number that is read as a number; longer ones are read digit by digit."""

_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_DENOMINATORS = {2: ("half", "halves"), 4: ("quarter", "quarters")}


def cardinal(n: int, british: bool = False) -> str:
    """`549` → five hundred forty-nine, in Britain five hundred and forty-nine."""
    if n > LARGEST:
        return digits(str(n))
    if n < 20:
        return ONES[n]
    if n < 100:
        tens, ones = divmod(n, 10)
        return TENS[tens] + (f"-{ONES[ones]}" if ones else "")
    if n < 1000:
        hundreds, rest = divmod(n, 100)
        link = " and " if british else " "
        return f"{ONES[hundreds]} hundred" + (link + cardinal(rest) if rest else "")
    for value, word in SCALES:
        if n >= value:
            count, rest = divmod(n, value)
            link = " and " if british and rest < 100 else " "
            head = f"{cardinal(count, british)} {word}"
            return head + (link + cardinal(rest, british) if rest else "")
    raise AssertionError(n)


def ordinal(n: int, british: bool = False) -> str:
    """`21` → twenty-first."""
    said = cardinal(n, british)
    cut = max(said.rfind(" "), said.rfind("-")) + 1
    head, last = said[:cut], said[cut:]
    if last in _ORDINALS:
        return head + _ORDINALS[last]
    return head + (last[:-1] + "ieth" if last.endswith("y") else last + "th")


def digits(text: str, zero: str = "zero") -> str:
    """`047` → zero four seven; what is no digit is left out."""
    return " ".join(zero if c == "0" else ONES[int(c)] for c in text if c in "0123456789")


def number(text: str, british: bool = False) -> str:
    """A number as written: `1,000`, `7.25`, `007`, `.5`."""
    whole, point, decimals = text.replace(",", "").partition(".")
    if len(whole) > 1 and whole.startswith("0"):
        said = digits(whole)
    else:
        said = cardinal(int(whole), british) if whole else ""
    if point and decimals:
        said = f"{said} point {digits(decimals)}"
    return said.strip()


def is_one(text: str) -> bool:
    """Whether a number as written is exactly one, and its noun singular."""
    return text.replace(",", "") == "1"


def year(n: int, british: bool = False) -> str:
    """`1962` → nineteen sixty-two, `1905` → nineteen oh five, `2006` → two thousand six."""
    century, rest = divmod(n, 100)
    if century % 10 == 0:
        return cardinal(n, british) if rest < 10 else f"{cardinal(century)} {cardinal(rest)}"
    if rest == 0:
        return f"{cardinal(century)} hundred"
    return f"{cardinal(century)} {pair(rest)}"


def pair(n: int) -> str:
    """Two digits as in a year or a time: `05` → oh five."""
    return f"oh {ONES[n]}" if n < 10 else cardinal(n)


def plural(said: str) -> str:
    """Several of a number in words: `seven forty-seven` → seven forty-sevens."""
    if said.endswith("y"):
        return said[:-1] + "ies"
    return said + ("es" if said.endswith("x") else "s")


def plural_tens(n: int) -> str:
    """The last two digits of a decade: `60` → sixties, `10` → tens, `0` → hundreds."""
    if n == 0:
        return "hundreds"
    return plural(TENS[n // 10])


def decade(n: int) -> str:
    """`1960` → nineteen sixties, `2000` → two thousands, `80` → eighties."""
    if n < 100:
        return plural_tens(n)
    if n % 1000 == 0:
        return f"{ONES[n // 1000]} thousands"
    return f"{cardinal(n // 100)} {plural_tens(n % 100)}"


def model_number(text: str, british: bool = False) -> str:
    """Digits in a product's name: `35` thirty-five, `850` eight fifty, `4090` forty ninety."""
    n = int(text)
    if text.startswith("0") or len(text) > 4:
        return digits(text, "zero")
    if n < 100 or n % 1000 == 0 or (n < 1000 and n % 100 == 0):
        return cardinal(n, british)
    high, low = divmod(n, 100)
    return f"{cardinal(high)} {pair(low) if low else 'hundred'}"


def fraction(n: int, d: int, british: bool = False) -> str:
    """`3/4` → three quarters, `1/2` → one half."""
    one, many = _DENOMINATORS.get(d) or (ordinal(d), ordinal(d) + "s")
    return f"{cardinal(n, british)} {one if n == 1 else many}"
