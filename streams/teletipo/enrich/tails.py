"""What every article of a provider ends with: learnt from many articles, written to a file that the cleaner reads.

Learning is a command of its own (`teletipo tails learn`), not something a worker does on its way: an article's record then
depends on the item and the settings alone, two workers and `teletipo enrich` agree, and a person can read what was learnt
before it removes anything.

A paragraph is learnt where many different stories end with it and it has nothing to do with them. What agencies repeat at
the end of every story on one subject ("The war began in …") is part of the story: it names what the stories name.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from teletipo.enrich.boilerplate import boilerplate
from teletipo.errors import SettingsError

LEAST_ARTICLES = 8
"""Different stories that must end with a paragraph."""
LEAST_SHARE = 0.1
"""Part of the provider's articles that must end with it."""
LONGEST = 420
"""Characters beyond which a paragraph is never a tail."""
DEPTH = 5
"""Paragraphs at the end of an article that are looked at."""
_MOST_CANDIDATES = 4_000
_MOST_PROVIDERS = 2_000
_MOST_SEEN = 2_000_000
_STORIES = 40
"""Stories remembered for each candidate."""
_STORY = 1_500
"""Characters of a story whose words are remembered."""
_SAME_STORY = 0.5
_RELATED = 0.4
"""A word of the paragraph that more than this part of its stories has is what they are about."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_TOKEN = re.compile(r"\w+")
_QUOTED = re.compile('[«»“”"‘]')


@dataclass(frozen=True, slots=True)
class Tail:
    """A paragraph that articles of a provider end with, in `articles` of the `of` that were read."""

    provider: str
    paragraph: str
    articles: int
    of: int


class ProviderTails:
    """The learnt tails by provider, as the cleaner asks for them."""

    def __init__(self, tails: Iterable[Tail]) -> None:
        self._folded: dict[str, set[str]] = {}
        for tail in tails:
            self._folded.setdefault(tail.provider, set()).add(fold(tail.paragraph))

    def places(self, provider: str, paragraphs: Sequence[str], kept: Sequence[bool]) -> list[int]:
        """Which of the last paragraphs are tails; those not `kept` are passed over, and never all that is kept is a tail."""
        known = self._folded.get(provider)
        if not known:
            return []
        found: list[int] = []
        for at in reversed([at for at, keep in enumerate(kept) if keep][-DEPTH - 1 :]):
            if len(found) == DEPTH or len(paragraphs[at]) > LONGEST or fold(paragraphs[at]) not in known:
                return found
            found.append(at)
        return found[:-1]


@dataclass(slots=True)
class _Candidate:
    paragraph: str
    articles: int = 0
    stories: list[frozenset[str]] = field(default_factory=list)

    def add(self, story: frozenset[str]) -> None:
        self.articles += 1
        if len(self.stories) < _STORIES and not any(_alike(story, other) for other in self.stories):
            self.stories.append(story)


@dataclass(slots=True)
class _Provider:
    articles: int = 0
    words: Counter[str] = field(default_factory=Counter)
    candidates: dict[tuple[str, ...], _Candidate] = field(default_factory=dict)


class TailLearner:
    """Counts the last paragraphs of articles. The same articles in the same order give the same tails; memory is bounded.

    Args:
        least_articles: different stories that must end with a paragraph.
        least_share: part of the provider's articles that must end with it, 0 to 1.
    """

    def __init__(self, least_articles: int = LEAST_ARTICLES, least_share: float = LEAST_SHARE) -> None:
        self._least_articles = least_articles
        self._least_share = least_share
        self._providers: dict[str, _Provider] = {}
        self._seen: set[bytes] = set()

    @property
    def articles(self) -> int:
        """Articles that count: of several versions, or of one story sent twice, only the first does."""
        return sum(provider.articles for provider in self._providers.values())

    def see(self, provider: str, item_id: str, paragraphs: Sequence[str]) -> None:
        """Read one cleaned article: the paragraphs of its body in order."""
        if not paragraphs or self._is_known(provider, "id", item_id) or self._is_known(provider, "lead", fold(paragraphs[0])):
            return
        if provider not in self._providers and len(self._providers) >= _MOST_PROVIDERS:
            return
        counts = self._providers.setdefault(provider, _Provider())
        counts.articles += 1
        story = _words("\n".join(paragraphs[: max(1, len(paragraphs) - DEPTH)])[:_STORY])
        counts.words.update(story)
        ending: tuple[str, ...] = ()
        for depth in range(1, min(DEPTH, len(paragraphs) - 1) + 1):
            paragraph = paragraphs[-depth]
            if len(paragraph) > LONGEST:
                break
            ending = (fold(paragraph), *ending)
            counts.candidates.setdefault(ending, _Candidate(paragraph)).add(story)
        _prune(counts)

    def tails(self) -> list[Tail]:
        """What was learnt, in the order of provider and paragraph."""
        found = {
            (name, candidate.paragraph): Tail(name, candidate.paragraph, candidate.articles, counts.articles)
            for name, counts in self._providers.items()
            for candidate in counts.candidates.values()
            if self._is_tail(candidate, counts)
        }
        return [found[key] for key in sorted(found)]

    def _is_known(self, provider: str, kind: str, value: str) -> bool:
        digest = blake2b(f"{provider}\0{kind}\0{value}".encode(), digest_size=8).digest()
        if digest in self._seen:
            return True
        if len(self._seen) < _MOST_SEEN:
            self._seen.add(digest)
        return False

    def _is_tail(self, candidate: _Candidate, counts: _Provider) -> bool:
        return (
            len(candidate.stories) >= min(self._least_articles, _STORIES)
            and candidate.articles >= self._least_articles
            and candidate.articles >= self._least_share * counts.articles
            and not _QUOTED.search(candidate.paragraph)
            and not boilerplate().reports(candidate.paragraph)
            and not _is_about(candidate, counts)
        )


def _is_about(candidate: _Candidate, counts: _Provider) -> bool:
    """Whether the paragraph speaks of what its stories speak of: a name in it, or a word that other stories lack."""
    others = counts.articles - candidate.articles
    for word in _words(candidate.paragraph):
        having = sum(word in story for story in candidate.stories)
        share = having / len(candidate.stories)
        if share <= _RELATED:
            continue
        elsewhere = max(0.0, counts.words[word] - share * candidate.articles) / others if others else 0.0
        if _is_name(word, candidate.paragraph) or (others >= LEAST_ARTICLES and share >= 2 * elsewhere):
            return True
    return False


def _is_name(word: str, paragraph: str) -> bool:
    return any(match[0][0].isupper() and match[0].casefold()[:6] == word for match in _WORD.finditer(paragraph, 1))


def _prune(counts: _Provider) -> None:
    """Forget the rarest endings where there are too many."""
    least = 1
    while len(counts.candidates) > _MOST_CANDIDATES:
        counts.candidates = {ending: found for ending, found in counts.candidates.items() if found.articles > least}
        least += 1


def _words(text: str) -> frozenset[str]:
    """The beginnings of the longer words: enough to tell whether two texts speak of one thing."""
    return frozenset(match[0].casefold()[:6] for match in _WORD.finditer(text))


def _alike(story: frozenset[str], other: frozenset[str]) -> bool:
    least = min(len(story), len(other))
    return not least or len(story & other) >= _SAME_STORY * least


def fold(paragraph: str) -> str:
    """A paragraph as it is compared: its words without case and punctuation, any year like any other."""
    return " ".join(_TOKEN.findall(_YEAR.sub("0000", paragraph).casefold()))


def write_tails(tails: Sequence[Tail]) -> Iterator[str]:
    """The lines of the file that `read_tails` reads."""
    yield "# What articles end with, learnt by `teletipo tails learn`. Read it before use; delete what belongs to a story."
    for tail in tails:
        yield ""
        yield "[[tails]]"
        yield f"provider = {json.dumps(tail.provider, ensure_ascii=False)}"
        yield f"paragraph = {json.dumps(tail.paragraph, ensure_ascii=False)}"
        yield f"articles = {tail.articles}"
        yield f"of = {tail.of}"


def read_tails(paths: Iterable[Path]) -> list[Tail]:
    """The tails of TOML files. Raises SettingsError that names file and entry."""
    return [tail for path in paths for tail in _read(path)]


def _read(path: Path) -> Iterator[Tail]:
    try:
        rows = tomllib.loads(path.read_text("utf-8")).get("tails", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"TELETIPO_BOILERPLATE: {path}: {getattr(error, 'strerror', None) or error}") from None
    if not isinstance(rows, list):
        raise SettingsError(f"TELETIPO_BOILERPLATE: {path}: tails must be a list of tables: write [[tails]] before each")
    for number, row in enumerate(rows, 1):
        texts = [row.get(name) if isinstance(row, dict) else None for name in ("provider", "paragraph")]
        counts = [row.get(name, 0) if isinstance(row, dict) else 0 for name in ("articles", "of")]
        if not all(isinstance(text, str) and text for text in texts) or not all(isinstance(n, int) for n in counts):
            raise SettingsError(
                f"TELETIPO_BOILERPLATE: {path}: entry {number}: provider and paragraph are texts, articles and of numbers"
            )
        yield Tail(str(texts[0]), str(texts[1]), int(counts[0]), int(counts[1]))
