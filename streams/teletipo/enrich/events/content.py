"""What is promised, asked, refused or threatened: the content class of a verbal act (codebook/content.toml)."""

from __future__ import annotations

from dataclasses import dataclass

from teletipo import codebook
from teletipo.enrich.events.lexicon import Lexicon
from teletipo.enrich.events.matching import Match, Matcher
from teletipo.enrich.events.view import View


@dataclass(slots=True)
class Coding:
    """Mode and CAMEO code of an act."""

    mode: str | None
    cameo: str


def content_heads(match: Match, lexicon: Lexicon) -> list[int]:
    """Heads of the phrases that say the content of an act, by its pattern."""
    pattern = lexicon.patterns[match.entry.pattern]
    sides = (pattern.noun if match.predicate.nominal else pattern.verb) | match.entry.args
    first = [a.head for a in match.predicate.arguments if sides.get(a.relation) == "content"]
    clauses = [a.head for a in match.predicate.arguments if a.relation == "clause"]
    return first + [h for h in clauses if h not in first]


def class_of(heads: list[int], series: str, view: View, lexicon: Lexicon, matcher: Matcher, skip: int) -> str | None:
    """The first content class below the heads that the series has a code for, nearest words first."""
    classes = codebook.content_classes()
    for head in heads:
        queue, seen = [head], 0
        while queue and seen < 16:
            t = queue.pop(0)
            seen += 1
            if t == skip:
                continue
            for name in _classes_at(t, view, lexicon, matcher):
                if series in classes[name].codes:
                    return name
            queue.extend(view.children[t])
    return None


def _classes_at(t: int, view: View, lexicon: Lexicon, matcher: Matcher) -> list[str]:
    out = []
    for key in dict.fromkeys((view.lemma[t], view.lower[t])):
        for phrase, name in lexicon.content.get(key, ()):
            if len(phrase) == 1 or view.phrase_at(t, phrase):
                out.append(name)
                break
    if view.lemma[t] in lexicon.verbs or view.lemma[t] in lexicon.nouns:
        inner = matcher.match(t)
        if inner is not None and inner.entry.cameo:
            act = codebook.content_of(inner.entry.cameo)
            if act is not None:
                out.insert(0, act)
    return out


def with_content(match: Match, view: View, lexicon: Lexicon, matcher: Matcher) -> tuple[Coding, str | None]:
    """Mode and code of an entry with `content = true`; its own where the content says nothing."""
    entry = match.entry
    series = entry.cameo[:2]
    name = class_of(content_heads(match, lexicon), series, view, lexicon, matcher, match.predicate.token)
    if name is None:
        return Coding(entry.mode, entry.cameo), None
    found = codebook.content_classes()[name]
    mode = {"REQUEST": found.mode, "REJECT": found.mode, "THREATEN": found.threat}.get(entry.type or "")
    return Coding(mode or entry.mode, found.codes[series]), name


def promised(match: Match, cameo: str, view: View, lexicon: Lexicon, matcher: Matcher) -> str:
    """The 03x code of an announced act: by what its object says, else by the act itself ("se reunirán": 036)."""
    own = codebook.content_of(cameo)
    if own in ("settle", "diplomatic", None):
        heads = [a.head for a in match.predicate.arguments if a.relation == "object"]
        below = class_of(heads, "03", view, lexicon, matcher, match.predicate.token)
        own = below or own
    return codebook.content_classes()[own].codes.get("03", "030") if own else "030"
