"""What is written short, and how it is said: currencies, units, abbreviations, endings of files.

Data alone; the rules that use it are in `measures.py`, `abbreviations.py` and `markup.py`.
"""

from __future__ import annotations

from sayso.speech.spoken.rule import words

CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
    "¥": ("yen", "yen", "sen", "sen"),
    "₩": ("won", "won", "jeon", "jeon"),
    "₹": ("rupee", "rupees", "paisa", "paise"),
    "₽": ("ruble", "rubles", "kopek", "kopeks"),
    "₪": ("shekel", "shekels", "agora", "agorot"),
    "₺": ("lira", "lira", "kurus", "kurus"),
    "฿": ("baht", "baht", "satang", "satang"),
    "₫": ("dong", "dong", "xu", "xu"),
    "₱": ("peso", "pesos", "centavo", "centavos"),
    "₦": ("naira", "naira", "kobo", "kobo"),
    "₴": ("hryvnia", "hryvnias", "kopiyka", "kopiyky"),
    "kr": ("krone", "kroner", "øre", "øre"),
    "zł": ("zloty", "zloty", "grosz", "groszy"),
    "Kč": ("koruna", "koruna", "haler", "halers"),
    "CHF": ("Swiss franc", "Swiss francs", "centime", "centimes"),
    "SEK": ("Swedish krona", "Swedish kronor", "öre", "öre"),
    "NOK": ("Norwegian krone", "Norwegian kroner", "øre", "øre"),
    "DKK": ("Danish krone", "Danish kroner", "øre", "øre"),
    "HUF": ("forint", "forints", "filler", "fillers"),
    "ZAR": ("rand", "rand", "cent", "cents"),
    "MXN": ("Mexican peso", "Mexican pesos", "centavo", "centavos"),
    "BRL": ("real", "reais", "centavo", "centavos"),
}
"""The sign or code: one, many, and the same of its hundredth."""
CURRENCY_CODES = {
    "USD": "$", "GBP": "£", "EUR": "€", "JPY": "¥", "CNY": "¥", "RMB": "¥", "KRW": "₩", "INR": "₹",
    "AUD": "A$", "CAD": "C$", "NZD": "NZ$", "HKD": "HK$", "SGD": "S$", "TRY": "₺", "PLN": "zł",
    "THB": "฿", "PHP": "₱", "CZK": "Kč", "Rs": "₹",
} | {key: key for key in CURRENCIES if key.isalpha()}  # fmt: skip
DOLLARS = {
    "US": "US", "A": "Australian", "AU": "Australian", "C": "Canadian", "CA": "Canadian",
    "NZ": "New Zealand", "HK": "Hong Kong", "NT": "Taiwan", "S": "Singapore", "R": "",
}  # fmt: skip
"""Whose dollars, by what stands before the sign."""
MAGNITUDES = {
    "k": "thousand", "m": "million", "mn": "million", "mm": "million", "mil": "million",
    "b": "billion", "bn": "billion", "t": "trillion", "tn": "trillion",
    "thousand": "thousand", "million": "million", "billion": "billion", "trillion": "trillion",
}  # fmt: skip

UNITS = {
    "kB": "kilobyte", "KB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte",
    "kbps": "kilobits per second", "Kbps": "kilobits per second", "Mbps": "megabits per second",
    "Gbps": "gigabits per second",
    "km": "kilometer", "kms": "kilometer", "cm": "centimeter", "mm": "millimeter",
    "nm": "nanometer", "mi": "mile",
    "µm": "micrometer", "μm": "micrometer",
    "ft": "foot", "yd": "yard", "yds": "yard", "lb": "pound", "lbs": "pound", "oz": "ounce",
    "fl oz": "fluid ounce", "fl. oz": "fluid ounce",
    "kg": "kilogram", "kgs": "kilogram", "mg": "milligram", "gr": "gram", "grs": "gram",
    "gsm": "grams per square meter", "ml": "milliliter", "mL": "milliliter",
    "cl": "centiliter", "L": "liter", "gal": "gallon", "cc": "C.C",
    "mph": "miles per hour", "km/h": "kilometers per hour", "kph": "kilometers per hour",
    "kmh": "kilometers per hour", "mpg": "miles per gallon", "rpm": "revolutions per minute",
    "bpm": "beats per minute", "fps": "frames per second", "FPS": "frames per second",
    "ppi": "pixels per inch", "dpi": "dots per inch", "px": "pixel", "psi": "P.S.I",
    "Hz": "hertz", "kHz": "kilohertz", "MHz": "megahertz", "GHz": "gigahertz",
    "W": "watt", "kW": "kilowatt", "kWh": "kilowatt hour", "Wh": "watt hour", "V": "volt",
    "mA": "milliamp", "mAh": "milliamp hour", "dB": "decibel", "dBA": "decibel", "MP": "megapixel",
    "Ω": "ohm", "lm": "lumen",
    "Mbit": "megabit", "Gbit": "gigabit", "ppm": "parts per million", "Ah": "amp hour",
    "kJ": "kilojoule", "kcal": "kilocalorie", "cal": "calorie",
    "Nm": "newton meter",
    "hp": "horsepower", "bhp": "brake horsepower", "bar": "bar", "atm": "atmosphere",
    "ATM": "atmosphere", "ABV": "A.B.V",
    "hr": "hour", "hrs": "hour", "min": "minute", "mins": "minute", "sec": "second",
    "secs": "second", "ms": "millisecond", "µs": "microsecond", "μs": "microsecond",
    "ns": "nanosecond",
    "yrs": "year", "yr": "year", "mos": "month",
    "sq ft": "square foot", "sqm": "square meter", "sq m": "square meter", "m²": "square meter",
    "m2": "square meter",
    "cm²": "square centimeter",
    "km²": "square kilometer", "ft²": "square foot", "m³": "cubic meter", "cm³": "cubic centimeter",
    "pts": "point", "tsp": "teaspoon", "tbsp": "tablespoon", "pp": "page", "pgs": "page",
}  # fmt: skip
SAME = ("hertz", "horsepower", "bar", "A.B.V", "C.C", "P.S.I", "s")
"""How the names of units end that have no plural of their own."""
GLUED = {
    other: name
    for unit, name in UNITS.items()
    if unit.isascii() and unit.isalpha() and unit != "pp"
    for other in (unit.lower(), unit.upper())
    if other not in UNITS
}
"""The same in the wrong case, which is only a unit where it hangs on its number: 600Ms, 65w."""
GLUED |= {"Ms": "millisecond", "Kg": "kilogram", "Kgs": "kilogram", "Km": "kilometer"}

EACH = words(
    "second minute hour day night week weekend month quarter semester season year person head "
    "piece item episode issue seat plate visit ride trip session class game match track page"
)
"""What a rate is counted by, wherever it stands after a number and a slash."""
EACH_SHORT = {
    "s": "second", "sec": "second", "h": "hour", "hr": "hour", "min": "minute", "mo": "month",
    "yr": "year", "wk": "week", "mth": "month", "pp": "person", "pcm": "month",
    "lb": "pound", "kg": "kilogram",
    "oz": "ounce", "g": "gram", "l": "liter", "L": "liter", "km": "kilometer", "mi": "mile",
}  # fmt: skip

ALWAYS = {
    "vs": "versus", "e.g": "for example", "i.e": "that is", "approx": "approximately",
    "incl": "including", "excl": "excluding", "cf": "compare",
    "est": "established", "dept": "department", "govt": "government", "misc": "miscellaneous",
    "Prof": "Professor", "Inc": "Incorporated", "Ltd": "Limited", "Corp": "Corporation",
    "Bros": "Brothers", "Hwy": "Highway", "Pkwy": "Parkway",
    "Jr": "Junior", "Sr": "Senior", "Rev": "Reverend", "Gen": "General",
    "Col": "Colonel", "Capt": "Captain", "Cpt": "Captain", "Sgt": "Sergeant", "Lt": "Lieutenant",
    "Cmdr": "Commander", "Det": "Detective", "Insp": "Inspector", "Supt": "Superintendent",
    "Pvt": "Private", "Cpl": "Corporal", "Maj": "Major", "Adm": "Admiral", "Mme": "Madame",
    "Gov": "Governor", "Sen": "Senator", "Pres": "President", "Hon": "Honourable",
    "Messrs": "Messers", "Esq": "Esquire", "Ave": "Avenue", "Blvd": "Boulevard", "Rd": "Road",
    "orig": "originally", "p.a": "per annum", "Apt": "Apartment",
    "Mon": "Monday", "Tues": "Tuesday", "Weds": "Wednesday", "Thurs": "Thursday", "Fri": "Friday",
    "viz": "namely", "et al": "and others",
    "Dept": "Department", "Mt": "Mount", "Approx": "Approximately", "Est": "Established",
    "E.g": "For example", "I.e": "That is",
}  # fmt: skip
"""Read so where a full stop follows, which belongs to the abbreviation."""
STREETS = {
    "St": "Street", "Ave": "Avenue", "Rd": "Road", "Ln": "Lane", "Blvd": "Boulevard",
    "Hwy": "Highway", "Pkwy": "Parkway", "Sq": "Square",
}  # fmt: skip
BARE = {
    "tsp": "teaspoon", "tbsp": "tablespoon",
    "Mr": "Mister", "Mrs": "Missus", "Ms": "Miz", "Dr": "Doctor", "vs": "versus", "VS": "versus",
    "Vs": "versus", "aka": "also known as", "AKA": "also known as", "a.k.a": "also known as",
    "Jr": "Junior", "approx": "approximately", "Prof": "Professor", "Sgt": "Sergeant",
    "Capt": "Captain", "Lt": "Lieutenant", "eg": "for example", "ie": "that is",
    "IMO": "in my opinion", "imo": "in my opinion", "IMHO": "in my humble opinion",
    "imho": "in my humble opinion", "AFAIK": "as far as I know", "afaik": "as far as I know",
    "FWIW": "for what it's worth", "fwiw": "for what it's worth", "IIRC": "if I recall correctly",
    "iirc": "if I recall correctly", "TBH": "to be honest", "tbh": "to be honest",
    "BTW": "by the way", "btw": "by the way",
}  # fmt: skip
"""Read so with or without a full stop."""
NUMBERED = {
    "Vol": "Volume", "vol": "volume", "Vols": "Volumes", "vols": "volumes", "Ep": "Episode",
    "ep": "episode", "Eps": "Episodes", "eps": "episodes", "Ch": "Chapter", "ch": "chapter",
    "Chs": "Chapters", "Pt": "Part", "pt": "part", "Pts": "Parts", "Bk": "Book", "Ser": "Series",
    "Fig": "Figure", "fig": "figure", "p": "page", "pp": "pages", "Op": "Opus", "op": "opus",
    "Sec": "Section", "Lvl": "Level", "lvl": "level", "ver": "version", "v": "version",
    "S": "Season", "Mk": "Mark", "c": "circa", "ca": "circa", "Gen": "Generation",
}  # fmt: skip

SHORTCODES = frozenset(
    words(
        "star stars star2 fire heart hearts smile smiley grin grinning joy laughing wink blush "
        "sob cry thinking neutral_face rofl tada rocket clap wave pray muscle eyes skull ghost "
        "poop warning bulb zap sparkles boom bug pizza coffee beer beers wine cake book books "
        "movie_camera clapper tv headphones musical_note notes guitar gift trophy medal medals "
        "crown gem moneybag thumbsup thumbsdown ok_hand shrug facepalm v x o100 100 exclamation "
        "question point_right check cross sunglasses sweat_smile cat dog robot"
    )
)
"""Names of emoji between colons; any name with an underscore is one too."""
FILE_ENDINGS = words(
    "yaml yml toml json txt md py js ts css html csv pdf docx xlsx png jpg jpeg gif svg mp3 mp4 "
    "wav flac zip exe ini cfg conf log xml sh epub iso"
)
ENDINGS_SAID = frozenset(words("yaml toml json docx jpeg gif wav flac zip conf log epub"))
"""Said as words; the other endings are spelled."""

GLYPHS = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5),
    "⅗": (3, 5), "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8),
    "⅞": (7, 8), "⅐": (1, 7), "⅑": (1, 9), "⅒": (1, 10),
}  # fmt: skip
BOOKS = (
    "Genesis|Exodus|Leviticus|Deuteronomy|Joshua|Judges|Ruth|Samuel|Kings|Chronicles|Ezra|Nehemiah|"
    "Esther|Job|Psalms?|Proverbs|Ecclesiastes|Isaiah|Jeremiah|Lamentations|Ezekiel|Daniel|Hosea|Joel|"
    "Amos|Jonah|Micah|Habakkuk|Zechariah|Malachi|Matthew|Mark|Luke|John|Acts|Romans|Corinthians|"
    "Galatians|Ephesians|Philippians|Colossians|Thessalonians|Timothy|Titus|Hebrews|James|Peter|Jude|"
    "Revelations?"
)
"""Of the Bible: a chapter and a verse follow."""
