"""Active, passive or reflexive: what the auxiliaries and the ending of a verb say."""

from __future__ import annotations

from teletipo.enrich.events.view import VERBAL, View

_STOPS = frozenset({".", "!", "?", "…", ";"})


def is_reflexive(view: View, i: int) -> bool:
    """Whether a verb stands with "se" (before it, or at its end)."""
    if not view.grammar["reflexive"]:
        return False
    if any(view.lower[c] in view.grammar["reflexive"] for c in view.children[i]):
        return True
    return (i > 0 and view.lower[i - 1] in view.grammar["reflexive"]) or (
        view.lower[i].endswith(("rse", "ndose", "rle")) and view.lower[i].endswith("se")
    )


def is_passive(view: View, i: int, participle: bool) -> bool:
    """Whether a verb is passive: "fue atacado", "was attacked", a participle beside a noun; never an -ing form."""
    if view.lower[i].endswith(("ing", "ndo")):
        return False
    if any(view.dep[c] in ("nsubj:pass", "aux:pass", "csubj:pass") for c in view.children[i]):
        return True
    if not participle or _transitive(view, i):
        return False
    if _joined_to_active(view, i):
        return False
    if not _perfect(view, i) and _reduced(view, i):
        return True
    for c in view.children[i]:
        if view.dep[c] in ("aux", "cop", "auxpass") and view.lemma[c] in view.grammar["passive"]:
            return True
        if view.pos[c] in VERBAL and view.dep[c].startswith("aux") and view.lower[c] in view.grammar["passive_forms"]:
            return True
    up = view.head[i]
    if up != i and view.lemma[up] in view.grammar["passive"] and view.dep[i] in ("xcomp", "ccomp", "obj", "amod", "advcl"):
        return True
    return i > 0 and view.lower[i - 1] in view.grammar["passive_forms"]


def outcome_of(view: View, i: int) -> int | None:
    """The participle behind "resultar" or "quedar" that the parser took for a noun ("40 policías resultaron heridos")."""
    if view.lemma[i] not in view.grammar["passive"] or view.dep[i].startswith(("aux", "cop")):
        return None
    near = (c for c in view.children[i] if i < c <= i + 2 and view.dep[c] in ("obj", "xcomp", "nsubj"))
    return next((c for c in near if view.lower[c].rstrip("s").endswith(("ado", "ada", "ido", "ida", "erto", "erta"))), None)


def _transitive(view: View, i: int) -> bool:
    """A subject and a bare object without "be": a past that the tagger took for a participle ("police detained six dockers")."""
    if any(view.dep[c].startswith(("aux", "cop")) for c in view.children[i]):
        return False
    english = not view.grammar["reflexive"]
    if english and view.dep[i] == "amod" and i > 0 and view.pos[i - 1] == "PROPN" and view.head[i] > i:
        return True
    subject = english or any(view.dep[c] == "nsubj" and c < i for c in view.children[i])
    return subject and any(view.dep[c] == "obj" and c > i and view.case(c) is None for c in view.children[i])


def _joined_to_active(view: View, i: int) -> bool:
    """ "declared a siege and sent troops": an English past form joined to an active verb, with no auxiliary, is active too."""
    up = view.head[i]
    if view.grammar["reflexive"] or view.dep[i] != "conj" or view.pos[up] not in VERBAL:
        return False
    if any(view.dep[c].startswith("aux") for c in view.children[i]):
        return False
    return not is_passive(view, up, view.morph(up, "VerbForm") == "Part")


def _reduced(view: View, i: int) -> bool:
    """A bare participle is passive; in English only beside a finite verb or "by", else it is a past that was misread."""
    if view.grammar["reflexive"]:
        return True
    if any(view.case(c) in view.grammar["agent"] for c in view.children[i]):
        return True
    first, last = view.sentences[view.sentence_of[i]]
    if all(view.lower[t] not in _STOPS for t in range(max(first, last - 3), last)):
        return True  # headlines tell in the present: "Three lawyers arrested in Minsk"
    below = set(view.subtree(i))
    return any(t not in below and view.pos[t] in VERBAL and view.morph(t, "VerbForm") == "Fin" for t in range(first, last))


def _perfect(view: View, i: int) -> bool:
    """ "ha firmado", "has signed": a participle that is active; in English also an -ing form or a bare past."""
    if view.morph(i, "Tense") == "Pres" or view.lower[i].endswith(("ndo", "ing")):
        return True
    auxiliaries = [c for c in view.children[i] if view.dep[c].startswith("aux") or view.dep[c] == "cop"]
    if any(view.lemma[c] in ("haber", "have") or view.lower[c] in ("'ve", "had", "has") for c in auxiliaries):
        return True
    return any(view.lemma[t] in ("haber", "have") for t in range(max(0, i - 3), i) if view.pos[t] == "AUX")
