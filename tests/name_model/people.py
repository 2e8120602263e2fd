"""Names of people and postal addresses, made at random from the lists, with their labels.

A text is a list of parts: words, and what they are. `O` is nothing; `PLACE` is a place in no
address, which the model may label as one; `NUMBER` may be labelled as any kind of number.
"""

from functools import cache
from random import Random

from faker import Faker

from .lists import countries, people

Part = tuple[str, str]
GIVEN, FAMILY, NOTHING = "GIVEN_NAME", "SURNAME", "O"
_PEOPLE = people()
_CULTURES = sorted(_PEOPLE)
#: Half of all names are from these, since most texts are English.
_OFTEN = ["english", "american", "american", "short and familiar", "irish", "spanish", "german"]
_WORDS = "words that are names"
_FAMILY_FIRST = {"chinese", "korean", "vietnamese", "hungarian", "japanese"}
_PARTICLES = {
    "dutch": ("van", "van der", "de", "van den", "ter"),
    "german": ("von", "von der", "zu"),
    "spanish": ("de la", "de", "del"),
    "mexican": ("de la", "de"),
    "portuguese": ("da", "dos", "de"),
    "brazilian": ("da", "dos", "de"),
    "french": ("de", "le", "du"),
    "italian": ("di", "de", "della"),
    "arabic": ("bin", "al", "ibn"),
    "swiss and belgian and luxembourg": ("van", "de", "von"),
}
_LOCALES = (
    "en_US en_GB en_IN en_NG es_ES es_MX fr_FR de_DE it_IT pt_BR pt_PT nl_NL pl_PL sv_SE no_NO"
    " da_DK fi_FI cs_CZ hu_HU ro_RO hr_HR tr_TR id_ID en_TH en_PK en_KE zu_ZA yo_NG es_CO fr_CA"
).split()
_TITLES = (
    "Mr Mr. Mrs Mrs. Ms Ms. Miss Dr Dr. Prof. Sgt. Capt. Rev. Judge Officer Nurse Señor Señora"
    " Herr Frau Monsieur Madame Mme M. Sig. Sra. Sr. Dhr. Pan Pani"
).split()


@cache
def _fakers() -> dict[str, Faker]:
    return {locale: Faker(locale) for locale in _LOCALES}


def invented(random: Random) -> str:
    """A word that nobody knows: only the words beside it tell what it is."""
    onsets = "b br c ch d dr f g gr h j k kh l m mb n nk p ph r s sh st t th tr v w y z".split()
    vowels = "a a e i o u ai ee ia ou ei ü á é ö".split()
    codas = ["", "", "", "n", "r", "s", "l", "th", "x", "nd", "sk", "v", "m"]
    count = random.choice((2, 2, 3, 3, 4))
    word = "".join(random.choice(onsets) + random.choice(vowels) for _ in range(count))
    return (word + random.choice(codas)).capitalize()


class Names:
    """One source of names. `given`, `family` and the rest return parts."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._seen: list[tuple[str, str]] = []

    def forget(self) -> None:
        """The next text is about other people."""
        self._seen = []

    def _pick(self) -> tuple[str, str, str]:
        """A given name, a surname, and their culture."""
        random = self.random
        chance = random.random()
        if chance < 0.18:
            faker = _fakers()[random.choice(_LOCALES)]
            return faker.first_name(), faker.last_name().replace("'S", "'s"), ""
        if chance < 0.23:
            return invented(random), invented(random), ""
        if chance < 0.33:
            culture = _WORDS
        elif chance < 0.52:
            culture = random.choice(_OFTEN)
        else:
            culture = random.choice(_CULTURES)
        other = culture
        if random.random() < 0.15:
            other = random.choice(_CULTURES)
        return random.choice(_PEOPLE[culture][0]), random.choice(_PEOPLE[other][1]), other

    def _person(self) -> tuple[str, str, str]:
        random = self.random
        if self._seen and random.random() < 0.25:
            return (*random.choice(self._seen), "")
        given, family, culture = self._pick()
        if random.random() < 0.04:
            given += random.choice((" ", "-")) + self._pick()[0]
        if random.random() < 0.05:
            family += random.choice((" ", "-")) + self._pick()[1]
        if culture in _PARTICLES and random.random() < 0.25:
            family = f"{random.choice(_PARTICLES[culture])} {family}"
        self._seen.append((given, family))
        return given, family, culture

    def given(self) -> list[Part]:
        given, family, _ = self._person()
        if self.random.random() < 0.06:
            return [(family, FAMILY)]
        return [(given, GIVEN)]

    def family(self) -> list[Part]:
        return [(self._person()[1], FAMILY)]

    def full(self) -> list[Part]:
        random = self.random
        given, family, culture = self._person()
        if culture in _FAMILY_FIRST and random.random() < 0.5:
            return [(family, FAMILY), (" ", NOTHING), (given, GIVEN)]
        middle: list[Part] = [(" ", NOTHING)]
        chance = random.random()
        if chance < 0.07:
            letter = random.choice("ABCDEFGHJKLMNPRSTW")
            middle = [(" ", NOTHING), (letter + random.choice(("", ".")), GIVEN), (" ", NOTHING)]
        elif chance < 0.1:
            middle = [(" ", NOTHING), (self._pick()[0], GIVEN), (" ", NOTHING)]
        return [(given, GIVEN), *middle, (family, FAMILY)]

    def listed(self) -> list[Part]:
        given, family, _ = self._person()
        return [(family, FAMILY), (self.random.choice((", ", ", ", ",")), NOTHING), (given, GIVEN)]

    def initialled(self) -> list[Part]:
        given, family, _ = self._person()
        if self.random.random() < 0.25:
            return [(given, GIVEN), (" ", NOTHING), (family[0], FAMILY)]
        sign = self.random.choice((". ", ".", " "))
        return [(given[0], GIVEN), (sign, NOTHING), (family, FAMILY)]

    def titled(self) -> list[Part]:
        return [(self.random.choice(_TITLES) + " ", NOTHING), *self.family()]

    def any(self) -> list[Part]:
        forms = (self.given, self.full, self.family, self.initialled, self.titled, self.listed)
        return self.random.choices(forms, (44, 34, 12, 3, 6, 1))[0]()


_COUNTRIES = countries()
_KINDS = {
    "H": "BUILDING_NUMBER",
    "S": "STREET_NAME",
    "U": "SECONDARY_ADDRESS",
    "C": "CITY",
    "T": "STATE",
}
_MADE = {
    "us": ("{} Street", "{} St", "{} Ave", "{} Road", "{} Dr", "{} Ln", "{} Blvd", "{} Court"),
    "uk": ("{} Road", "{} Street", "{} Close", "{} Lane", "{} Avenue", "{} Gardens", "{} Way"),
    "au": ("{} Street", "{} St", "{} Road", "{} Parade", "{} Crescent", "{} Terrace"),
    "in": ("{} Road", "{} Nagar", "{} Marg", "{} Colony", "{} Street"),
    "de": ("{}straße", "{}str.", "{}weg", "{}platz", "{}gasse", "{}allee"),
    "fr": ("rue {}", "avenue {}", "place {}", "boulevard {}", "chemin {}", "impasse {}"),
    "br": ("Rua {}", "Avenida {}", "Travessa {}", "Av. {}"),
    "es": ("Calle {}", "C/ {}", "Avenida {}", "Plaza {}", "Paseo {}"),
    "it": ("Via {}", "Corso {}", "Piazza {}", "Viale {}"),
    "nl": ("{}straat", "{}weg", "{}laan", "{}plein", "{}kade"),
}
_CULTURE_OF = {"us": "american", "uk": "english", "au": "english", "in": "indian north"}
_CULTURE_OF |= {"de": "german", "fr": "french", "br": "brazilian", "es": "spanish"}
_CULTURE_OF |= {"it": "italian", "nl": "dutch"}


def address(random: Random) -> list[Part]:
    """A postal address as one country writes it, or the first parts of one."""
    country = random.choice([*_COUNTRIES, "us", "us", "us", "uk", "uk"])
    parts = _COUNTRIES[country]
    form = random.choice(parts["forms"])
    found: list[Part] = []
    at = 0
    while at < len(form):
        sign = form[at]
        if form.startswith("CEP", at):
            found.append(("CEP", NOTHING))
            at += 3
        elif sign in "9A":
            end = at
            while end < len(form) and (form[end] in "9A-" or (form[end : end + 2] in (" 9", " A"))):
                end += 1
            code = "".join(_drawn(random, each) for each in form[at:end])
            found.append((code, "BUILDING_NUMBER" if country == "jp" and at == 0 else "ZIP_CODE"))
            at = end
        elif sign in "HSUCT" and form[at + 1 : at + 2] not in tuple("abcdefghijklmnopqrstuvwxyz"):
            found.append((_part(random, country, parts, sign), _KINDS[sign]))
            at += 1
        elif form.startswith("PO Box N", at):
            found.append((f"PO Box {random.randint(1, 9999)}", "STREET_NAME"))
            at += 8
        else:
            found.append((sign, NOTHING))
            at += 1
    return found


def _drawn(random: Random, sign: str) -> str:
    if sign == "9":
        return random.choice("0123456789")
    return random.choice("ABCDEFGHJLMNPRSTWXYZ") if sign == "A" else sign


def _part(random: Random, country: str, parts: dict[str, list[str]], sign: str) -> str:
    if sign == "H":
        most = random.choice((20, 200, 200, 9999 if country == "us" else 400))
        number = str(random.randint(1, most))
        return number + (random.choice("abcABC") if random.random() < 0.08 else "")
    if sign == "S":
        if country in _MADE and random.random() < 0.5:
            name = random.choice(_PEOPLE[_CULTURE_OF[country]][1])
            return random.choice(_MADE[country]).format(name)
        return random.choice(parts["streets"])
    if sign == "C" and country in ("us", "uk", "au") and random.random() < 0.25:
        name = random.choice(_PEOPLE["english"][1])
        return random.choice(("{}ville", "{}ton", "{} Springs", "Port {}", "{}ford")).format(name)
    return random.choice(parts[{"U": "units", "C": "towns", "T": "states"}[sign]])
