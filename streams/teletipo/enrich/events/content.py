"""What is promised, asked, refused or threatened: the content class of a verbal act (codebook/content.toml)."""

from __future__ import annotations

from dataclasses import dataclass

from teletipo import codebook
from teletipo.enrich.events.arguments import Argument
from teletipo.enrich.events.lexicon import Lexicon
from teletipo.enrich.events.matching import Match, Matcher
from teletipo.enrich.events.view import VERBAL, View

_ANSWERS = frozenset({"REJECT", "AGREE"})
"""Types of acts that may answer what was asked or offered before them."""


@dataclass(slots=True)
class Coding:
    """Mode and CAMEO code of an act."""

    mode: str | None
    cameo: str


def content_heads(match: Match, view: View, lexicon: Lexicon) -> list[int]:
    """Heads of the phrases that say the content of an act, by its pattern."""
    pattern = lexicon.patterns[match.entry.pattern]
    sides = (pattern.noun if match.predicate.nominal else pattern.verb) | match.entry.args
    arguments = match.predicate.arguments
    first = [a.head for a in arguments if sides.get(a.relation) == "content"]
    clauses = [a.head for a in arguments if a.relation == "clause" or _is_clause(a, match, view)]
    hung = ("nmod", "acl", "obl")
    below = [c for t in _carriers(match, sides) for c in view.children[t] if c > t and view.dep[c].startswith(hung)]
    return list(dict.fromkeys([*first, *clauses, *below]))


def _carriers(match: Match, sides: dict[str, str]) -> list[int]:
    """Nouns that an entry requires and that are no side: what hangs on them is the content ("un acuerdo sobre comercio")."""
    carried = [a.head for a in match.predicate.arguments if sides.get(a.relation) == "none"]
    return [t for t in match.required if t in carried]


def _is_clause(argument: Argument, match: Match, view: View) -> bool:
    """An infinitive behind a preposition ("urgió a abrir un corredor", "appealed to both sides to let aid in")."""
    if view.pos[argument.head] not in VERBAL or argument.relation not in ("a", "de", "con", "para", "to", "que"):
        return False
    return not match.predicate.nominal or argument.head > match.predicate.token


def _asked_of(match: Match, view: View, lexicon: Lexicon) -> list[int]:
    """Where nothing else says the content: what the parser hung on whom it goes to ("pidió a las partes que respeten …")."""
    pattern = lexicon.patterns[match.entry.pattern]
    sides = (pattern.noun if match.predicate.nominal else pattern.verb) | match.entry.args
    asked = [a.head for a in match.predicate.arguments if sides.get(a.relation) in ("recipient", "either")]
    return [
        c
        for h in asked
        for c in view.children[h]
        if c > h
        and (view.dep[c].startswith("acl") or (view.dep[c] == "conj" and all(view.dep[g] != "cc" for g in view.children[c])))
    ]


def class_of(heads: list[int], series: str | None, view: View, lexicon: Lexicon, matcher: Matcher, skip: int) -> str | None:
    """The first content class below the heads that the series has a code for (None: any class), nearest words first."""
    classes = codebook.content_classes()
    for head in heads:
        queue, seen = [head], 0
        while queue and seen < 16:
            t = queue.pop(0)
            seen += 1
            if t == skip:
                continue
            for name in _classes_at(t, view, lexicon, matcher):
                if series is None or series in classes[name].codes:
                    return name
            queue.extend(view.children[t])
    return None


def _classes_at(t: int, view: View, lexicon: Lexicon, matcher: Matcher) -> list[str]:
    """Classes of a token: a phrase of content.toml, then the act that it names itself, then its single word."""
    phrases, words = [], []
    for key in dict.fromkeys((view.lemma[t], view.lower[t])):
        for phrase, name in lexicon.content.get(key, ()):
            if len(phrase) == 1:
                words.append(name)
            elif view.phrase_at(t, phrase):
                phrases.append(name)
    acts = []
    if view.lemma[t] in lexicon.verbs or view.lemma[t] in lexicon.nouns:
        inner = matcher.match(t)
        act = codebook.content_of(inner.entry.cameo) if inner is not None and inner.entry.cameo else None
        if act is not None:
            acts.append(act)
    return [*phrases, *acts, *words]


def with_content(match: Match, view: View, lexicon: Lexicon, matcher: Matcher) -> tuple[Coding, str | None]:
    """Mode and code of an entry with `content = true`; its own where the content says nothing."""
    entry = match.entry
    series = entry.cameo[:2]
    heads = content_heads(match, view, lexicon) or _asked_of(match, view, lexicon)
    name = class_of(heads, series, view, lexicon, matcher, match.predicate.token)
    if name is None and entry.type in _ANSWERS:
        name = _answered(match, heads, series, view, lexicon, matcher)
    if name is None:
        return Coding(entry.mode, entry.cameo), None
    found = codebook.content_classes()[name]
    mode = {"REQUEST": found.mode, "REJECT": found.mode, "THREATEN": found.threat}.get(entry.type or "")
    return Coding(mode or entry.mode, found.codes[series]), name


def _answered(match: Match, heads: list[int], series: str, view: View, lexicon: Lexicon, matcher: Matcher) -> str | None:
    """The class of what was asked or offered just before, where the answer says "la", "la propuesta" or nothing."""
    token = match.predicate.token
    bare = [h for h in heads if view.pos[h] == "PRON" or _names_an_offer(view.lemma[h], lexicon)]
    if heads and not bare and not (token and view.lower[token - 1] in view.grammar["object_pronouns"]):
        return None
    first = view.sentences[max(0, view.sentence_of[token] - 1)][0]
    for t in range(token - 1, first - 1, -1):
        if t in heads or (view.lemma[t] not in lexicon.verbs and view.lemma[t] not in lexicon.nouns):
            continue
        asked = matcher.match(t)
        if asked is None or asked.entry.type not in ("REQUEST", "AGREE"):
            continue
        code = with_content(asked, view, lexicon, matcher)[0].cameo if asked.entry.content else asked.entry.cameo
        name = codebook.content_of(code)
        if name is not None and series in codebook.content_classes()[name].codes:
            return name
    return None


def _names_an_offer(lemma: str, lexicon: Lexicon) -> bool:
    return any(row.entry.type in ("REQUEST", "AGREE") for row in lexicon.nouns.get(lemma, ()))


def promised(match: Match, cameo: str, view: View, lexicon: Lexicon, matcher: Matcher) -> str:
    """The 03x code of an announced act: by what its object says, else by the act itself ("se reunirán": 036)."""
    own = codebook.content_of(cameo)
    code = codebook.content_classes()[own].codes.get("03", "030") if own else "030"
    heads = [a.head for a in match.predicate.arguments if a.relation == "object"]
    below = class_of(heads, "03", view, lexicon, matcher, match.predicate.token)
    if below is None:
        return code
    found = codebook.content_classes()[below].codes["03"]
    return found if own in ("settle", "diplomatic", None) or found.startswith(code) else code
