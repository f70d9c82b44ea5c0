"""Names as they are in a company with offices in several countries, by seed.

Most come from Faker; those in other scripts are pairs, so that e-mail and handle fit the name;
a few are as long as real ones get, because pages must bear them.
"""

import re
import unicodedata
from collections.abc import Iterator
from random import Random

from faker import Faker

LOCALES = (
    "en_GB", "nl_NL", "no_NO", "pt_PT", "en_CA", "de_DE", "fr_FR", "es_ES", "pl_PL", "cs_CZ",
    "hu_HU", "tr_TR", "ro_RO", "vi_VN", "sv_SE", "it_IT",
)  # fmt: skip

# (as the person writes it, as the mail system writes it)
OTHER_SCRIPTS = (
    ("ليلى الحسيني", "Layla Alhusseini"), ("عمر بن يوسف", "Omar Ben Youssef"),
    ("فاطمة الزهراء بنعلي", "Fatima Zahra Benali"), ("يوسف القاسمي", "Yousef Alqasimi"),
    ("מיכל אברהמי", "Michal Avrahami"), ("איתן בן־דוד", "Eitan Ben David"),
    ("נועה שפירא", "Noa Shapira"), ("山田 花子", "Hanako Yamada"), ("佐藤 健太郎", "Kentaro Sato"),
    ("李娜", "Li Na"), ("王小明", "Xiaoming Wang"), ("欧阳若兰", "Ruolan Ouyang"),
    ("김민준", "Minjun Kim"), ("박서연", "Seoyeon Park"),
    ("Ελένη Παπαδοπούλου", "Eleni Papadopoulou"),
    ("Наталія Шевченко", "Nataliia Shevchenko"), ("Димитър Иванов", "Dimitar Ivanov"),
    ("प्रिया शर्मा", "Priya Sharma"), ("அருண் குமார்", "Arun Kumar"),
    ("ณัฐพงษ์ ศรีสุข", "Nattapong Srisuk"),
)  # fmt: skip

LONG = (
    "Wilhelmina Philippa van Oldenbarnevelt-Schimmelpenninck",
    "Maria da Conceição Albuquerque de Vasconcelos e Meneses",
    "Karl-Friedrich Freiherr von Hohenlohe-Waldenburg-Schillingsfürst",
    "Nguyễn Phước Bảo Quỳnh Thiên Hương",
    "Þorgerður Aðalheiður Guðmundsdóttir",
    "Hubert Blaine Wolfeschlegelsteinhausenberger",
)


def latin(text: str) -> str:
    """The text in lower-case ASCII letters joined by dots, as a mail system would have it."""
    spelled = text.translate(str.maketrans("øØłŁđĐßþÞðÐıæÆ", "oOlLdDsTtdDiaA"))
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]+", ".", plain.lower()).strip(".")


def names(rng: Random) -> Iterator[tuple[str, str]]:
    """Endless (name, mail name) pairs, each mail name once; one in twenty is in another script."""
    fakers = []
    for locale in LOCALES:
        faker = Faker(locale)
        faker.seed_instance(rng.getrandbits(32))
        fakers.append(faker)
    others, longs = list(OTHER_SCRIPTS), list(LONG)
    rng.shuffle(others)
    rng.shuffle(longs)
    taken: dict[str, int] = {}
    count = 0
    while True:
        count += 1
        if count % 20 == 7 and others:
            name, spelled = others.pop()
        elif count % 60 == 11 and longs:
            name = spelled = longs.pop()
        else:
            faker = fakers[min(int(rng.expovariate(0.22)), len(fakers) - 1)]
            name = spelled = f"{faker.first_name()} {faker.last_name()}"
        mail = latin(spelled)[:48].strip(".") or f"colleague.{count}"
        taken[mail] = taken.get(mail, 0) + 1
        yield name, mail if taken[mail] == 1 else f"{mail}.{taken[mail]}"
