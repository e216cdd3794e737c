"""All forms of a Spanish verb, with their features in Universal Dependencies.

Regular conjugation is written out here; what is irregular stands in `configs/verbs_es.toml`. Where usage varies
("licúo", "licuo") both forms are made: the forms are for recognising words, not for writing them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

_PERSONS = ("1 Sing", "2 Sing", "3 Sing", "1 Plur", "2 Plur", "3 Plur", "2 Sing")
_PRESENT = {
    "a": ("o", "as", "a", "amos", "áis", "an", "ás"),
    "e": ("o", "es", "e", "emos", "éis", "en", "és"),
    "i": ("o", "es", "e", "imos", "ís", "en", "ís"),
}
_SUBJUNCTIVE = {"a": ("e", "es", "e", "emos", "éis", "en", "és"), "e": ("a", "as", "a", "amos", "áis", "an", "ás")}
_IMPERFECT = {"a": ("aba", "abas", "aba", "ábamos", "abais", "aban"), "e": ("ía", "ías", "ía", "íamos", "íais", "ían")}
_PRETERITE = {"a": ("é", "aste", "ó", "amos", "asteis", "aron"), "e": ("í", "iste", "ió", "imos", "isteis", "ieron")}
_STRONG = ("e", "iste", "o", "imos", "isteis", "ieron")
_FUTURE = ("é", "ás", "á", "emos", "éis", "án")
_CONDITIONAL = ("ía", "ías", "ía", "íamos", "íais", "ían")
_STRESSED = {0, 1, 2, 5}
_ACCENTS = str.maketrans("áéíóú", "aeiou")
_VOWELS = "aeiouáéíóú"


@cache
def _data() -> dict[str, Any]:
    with open(Path(__file__).parent / "configs" / "verbs_es.toml", "rb") as file:
        return tomllib.load(file)


def _base(infinitive: str, known: Any) -> str | None:
    """The verb of a list that this one is or is made of with a prefix; the longest first."""
    if infinitive in known:
        return infinitive
    data = _data()
    found = [
        base
        for base in known
        if infinitive.endswith(base)
        and base not in data["no_prefix"]
        and (infinitive[: -len(base)] in data["prefixes"] or base in {"ducir", "scribir", "solver"})
    ]
    return max(found, key=len, default=None)


def _spelled(stem: str, ending: str, kind: str) -> str:
    """Stem and ending joined by the rules of spelling: the sound of the stem's end stays what it is in the infinitive."""
    soft = ending[:1] in tuple("eéií")
    if kind == "a" and soft:
        for old, new in (("gu", "gü"), ("c", "qu"), ("g", "gu"), ("z", "c")):
            if stem.endswith(old):
                return stem[: -len(old)] + new + ending
    if kind != "a" and not soft:
        for old, new in (("gu", "g"), ("qu", "c"), ("g", "j"), ("c", "z")):
            if stem.endswith(old):
                return stem[: -len(old)] + new + ending
    return stem + ending


def _changed(stem: str, old: str, new: str) -> str:
    place = stem.rfind(old)
    if place < 0:
        return stem
    if place == 0 and new in {"ie", "ue"}:
        new = {"ie": "ye", "ue": "hue"}[new]
    if new == "ue" and place and stem[place - 1] == "g":
        new = "üe"
    return stem[:place] + new + stem[place + len(old) :]


def _stems(infinitive: str, stem: str, kind: str) -> tuple[list[str], str]:
    """Stems of the stressed persons, and the weak stem of the preterite's third persons."""
    data = _data()
    weak = stem
    strong = [stem]
    for name, old, new in (("e_ie", "e", "ie"), ("o_ue", "o", "ue"), ("e_i", "e", "i"), ("u_ue", "u", "ue"), ("i_ie", "i", "ie")):
        if _base(infinitive, data[name]) is None:
            continue
        strong = [_changed(stem, old, new)]
        if kind == "i" and name in {"e_ie", "e_i"}:
            weak = _changed(stem, "e", "i")
        if kind == "i" and name == "o_ue":
            weak = _changed(stem, "o", "u")
    if infinitive in data["accented"] or infinitive.endswith(("uar", "iar")):
        letters = [i for i, c in enumerate(stem) if c in "iu"]
        if letters:
            last = letters[-1]
            accented = stem[:last] + {"i": "í", "u": "ú"}[stem[last]] + stem[last + 1 :]
            strong = [accented] if infinitive in data["accented"] and not infinitive.endswith("iar") else [accented, stem]
    if infinitive.endswith("eír"):
        strong, weak = [stem[:-1] + "í"], stem[:-1]
    return strong, weak


def conjugate(infinitive: str) -> Iterator[tuple[str, str]]:
    """Forms and features; a form may come more than once.

    Clitic pronouns are not added; the lemmatizer cuts them off.
    """
    plain = infinitive.translate(_ACCENTS)
    if len(plain) < 2 or plain[-2:] not in {"ar", "er", "ir"}:
        return
    stem, kind = infinitive[:-2], plain[-2]
    data = _data()
    irregular = data["irregular"].get(infinitive, {})
    theme = "a" if kind == "a" else "e"
    strong, weak = _stems(infinitive, stem, kind)
    yield infinitive, "VerbForm=Inf"
    yield from _present(infinitive, stem, kind, strong, weak, irregular)
    imperfect = irregular.get("imperfect") or [stem + ending for ending in _IMPERFECT[theme]]
    yield from _finite(imperfect, "Ind", "Imp")
    yield from _past(infinitive, stem, kind, weak, irregular)
    base = _base(infinitive, data["future"])
    futures = [plain]
    if base and infinitive not in data["regular_future"]:
        futures = [infinitive[: -len(base)] + data["future"][base]]
    elif base:
        futures.append(infinitive[: -len(base)] + data["future"][base])
    for future in futures:
        yield from _finite([future + ending for ending in _FUTURE], "Ind", "Fut")
        yield from _finite([future + ending for ending in _CONDITIONAL], "Cnd", "")
    yield from _participles(infinitive, stem, kind, weak)


def _finite(forms: list[str], mood: str, tense: str) -> Iterator[tuple[str, str]]:
    for form, person in zip(forms, _PERSONS, strict=False):
        number = person.split(" ")
        features = [f"Mood={mood}", f"Number={number[1]}", f"Person={number[0]}", *([f"Tense={tense}"] if tense else [])]
        yield form, "|".join([*features, "VerbForm=Fin"])


def _present(
    infinitive: str, stem: str, kind: str, strong: list[str], weak: str, irregular: dict[str, list[str]]
) -> Iterator[tuple[str, str]]:
    data = _data()
    theme = "a" if kind == "a" else "e"
    insert_y = infinitive.endswith("uir") and not infinitive.endswith(("guir", "quir"))
    first = None
    base = _base(infinitive, data["first_person"])
    if base:
        first = infinitive[: -len(base)] + data["first_person"][base]
    elif re.search(rf"[{_VOWELS}]c[ei]r$", infinitive) and not infinitive.endswith(("cocer", "mecer")):
        first = stem[:-1] + "zc"
    for variant in strong:
        if irregular.get("present"):
            present, subjunctive = irregular["present"], irregular["subjunctive"]
        else:
            stressed = variant + "y" if insert_y else variant
            present = []
            for place, ending in enumerate(_PRESENT[kind]):
                root = first if place == 0 and first else stressed if place in _STRESSED else stem
                present.append(root + ending if root == first else _spelled(root, ending, theme))
            unstressed = weak if kind == "i" else stem
            if infinitive.endswith("eír"):
                unstressed = weak + "i"
            subjunctive = []
            for place, ending in enumerate(_SUBJUNCTIVE[theme]):
                root = first or (stressed if place in _STRESSED else unstressed + ("y" if insert_y else ""))
                subjunctive.append(root + ending if first else _spelled(root, ending, theme))
            if infinitive.endswith("eír"):
                present[3:5] = [stem + "ímos", stem + "ís"]
                present[6] = stem + "ís"
            if infinitive == "oír" or infinitive.endswith("oír"):
                present[1:6] = [stem + e for e in ("yes", "ye", "ímos", "ís", "yen")]
                present[6] = stem + "ís"
        yield from _finite(present, "Ind", "Pres")
        yield from _finite(subjunctive, "Sub", "Pres")
        yield from _imperatives(infinitive, stem, kind, present, subjunctive, irregular)


def _imperatives(
    infinitive: str, stem: str, kind: str, present: list[str], subjunctive: list[str], irregular: dict[str, list[str]]
) -> Iterator[tuple[str, str]]:
    data = _data()
    base = _base(infinitive, data["imperative"])
    familiar = [infinitive[: -len(base)] + data["imperative"][base]] if base else [present[2]]
    familiar += irregular.get("imperative", []) or [stem + {"a": "á", "e": "é", "i": "í"}[kind]]
    for form in familiar:
        yield form, "Mood=Imp|Number=Sing|Person=2|VerbForm=Fin"
    yield stem + {"a": "ad", "e": "ed", "i": "id"}[kind], "Mood=Imp|Number=Plur|Person=2|VerbForm=Fin"
    for place, person in ((2, "Number=Sing|Person=3"), (3, "Number=Plur|Person=1"), (5, "Number=Plur|Person=3")):
        yield subjunctive[place], f"Mood=Imp|{person}|VerbForm=Fin"


def _past(infinitive: str, stem: str, kind: str, weak: str, irregular: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    data = _data()
    theme = "a" if kind == "a" else "e"
    base = _base(infinitive, data["preterite"]) if not irregular.get("preterite") else None
    if irregular.get("preterite"):
        forms = irregular["preterite"]
    elif base:
        root = infinitive[: -len(base)] + data["preterite"][base]
        forms = [root + ending for ending in _STRONG]
        if root.endswith("hic"):
            forms[2] = root[:-1] + "zo"
        if root.endswith("fic"):
            forms[2] = root[:-1] + "zo"
        if root[-1] == "j":
            forms[5] = root + "eron"
        if root == "fu":
            forms = ["fui", "fuiste", "fue", "fuimos", "fuisteis", "fueron"]
    else:
        forms = []
        for place, ending in enumerate(_PRETERITE[theme]):
            third = place in {2, 5}
            root = weak if third and kind == "i" else stem
            if theme == "e" and (root.endswith(tuple("aeo")) or _inserts_y(infinitive)) and not infinitive.endswith("eír"):
                plural = {1: "íste", 3: "ímos", 4: "ísteis"}
                ending = {2: "yó", 5: "yeron"}.get(place, ending if _inserts_y(infinitive) else plural.get(place, ending))
            if infinitive.endswith("eír"):
                root, ending = (weak, ending) if third else (stem, {1: "íste", 3: "ímos", 4: "ísteis"}.get(place, ending))
                root = root + "i" if third and not root.endswith("i") else root
                ending = {2: "ó", 5: "eron"}.get(place, ending)
            if root.endswith(("ñ", "ll")) and third and theme == "e":
                ending = ending[1:]
            forms.append(_spelled(root, ending, theme))
    yield from _finite(forms, "Ind", "Past")
    root = forms[5].removesuffix("ron")
    for endings in (("ra", "ras", "ra", "ramos", "rais", "ran"), ("se", "ses", "se", "semos", "seis", "sen")):
        marked = root[:-1] + root[-1].translate(str.maketrans("aei", "áéí"))
        yield from _finite([(marked if i == 3 else root) + e for i, e in enumerate(endings)], "Sub", "Imp")


def _inserts_y(infinitive: str) -> bool:
    return infinitive.endswith("uir") and not infinitive.endswith(("guir", "quir"))


def _participles(infinitive: str, stem: str, kind: str, weak: str) -> Iterator[tuple[str, str]]:
    data = _data()
    base = _base(infinitive, data["gerund"])
    if base:
        gerund = infinitive[: -len(base)] + data["gerund"][base]
    elif kind == "a":
        gerund = stem + "ando"
    elif infinitive.endswith("eír"):
        gerund = stem[:-1] + "iendo"
    elif stem.endswith(tuple(_VOWELS)) and not infinitive.endswith(("guir", "quir")):
        gerund = stem + "yendo"
    else:
        gerund = weak + ("endo" if stem.endswith(("ñ", "ll")) else "iendo")
    yield gerund, "VerbForm=Ger"
    base = _base(infinitive, data["participle"])
    forms = []
    if base:
        forms.append(infinitive[: -len(base)] + data["participle"][base])
    if not base or infinitive in data["also_regular_participle"]:
        forms.append(stem + ("ado" if kind == "a" else "ído" if stem.endswith(("a", "e", "o")) else "ido"))
    for form in forms:
        for ending, features in (
            ("o", "Gender=Masc|Number=Sing"),
            ("a", "Gender=Fem|Number=Sing"),
            ("os", "Gender=Masc|Number=Plur"),
            ("as", "Gender=Fem|Number=Plur"),
        ):
            yield form[:-1] + ending, f"{features}|Tense=Past|VerbForm=Part"


_SINGLE = ("me", "te", "se", "nos", "os", "lo", "la", "los", "las", "le", "les")
CLITICS = [
    *_SINGLE,
    *(a + b for a in ("me", "te", "se", "nos", "os") for b in (*_SINGLE[5:], "me", "te", "nos") if a != b),
]
"""Pronouns, and pairs of them, that may end an infinitive, gerund or imperative."""
