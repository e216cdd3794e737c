"""The text of an article: headline, blank line, body without what publishers put around it.

Everything taken out is listed in `removed` with the place where it stood; the rules of the text are contract.md's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from teletipo.enrich.boilerplate import boilerplate
from teletipo.enrich.datelines import head_lines
from teletipo.enrich.model import Draft
from teletipo.enrich.tails import ProviderTails, read_tails
from teletipo.records import Removed
from teletipo.settings import Settings
from teletipo.wires.markup import html_to_text

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile(
    r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+"
)
_SPACES = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_LETTERS = re.compile(r"[^\W_]+")
_LEAST_SIGNED = 3
"""Paragraphs of an agency's story from which a last line of names is a signature."""
_HEAD_PARAGRAPHS = 4
"""Byline and dateline are looked for in the first paragraphs only."""


def normalize(text: str) -> str:
    """NFC, line ends as \\n, no control or direction characters, single spaces, no empty lines."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = _CONTROL.sub("", _LINE_ENDS.sub("\n", text))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def one_line(text: str | None) -> str | None:
    """A header field normalized to one line; None where nothing is left of it."""
    return normalize(text).replace("\n", " ") or None if text else None


@dataclass(slots=True)
class _Body:
    """The paragraphs kept, and what was removed at which offset of the body."""

    paragraphs: list[str] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    length: int = 0

    def keep(self, paragraph: str) -> None:
        if paragraph:
            self.length += len(paragraph) + (1 if self.paragraphs else 0)
            self.paragraphs.append(paragraph)

    def remove(self, kind: str, text: str, within: int | None = None) -> None:
        """Note a removal before the next paragraph, or `within` characters into it."""
        start = self.length + (1 if self.paragraphs else 0)
        self.removed.append(Removed(kind, text, start + (within or 0)))


class Cleaner:
    """Stage: fills `text`, `removed` and the header fields of a draft from its item."""

    name = "clean"

    def __init__(self, settings: Settings) -> None:
        """Raises SettingsError if a file of learnt tails cannot be read."""
        self._boilerplate = boilerplate()
        self._tails = ProviderTails(read_tails(settings.boilerplate))
        self._heads = head_lines()

    def __call__(self, drafts: Sequence[Draft]) -> None:
        """Clean every draft. Bounded: linear in the length of the body."""
        for draft in drafts:
            self._clean(draft)

    def _clean(self, draft: Draft) -> None:
        item = draft.item
        draft.headline = one_line(item.headline)
        draft.subheadline = one_line(item.subheadline)
        draft.byline = one_line(item.byline)
        draft.dateline = one_line(item.dateline)
        source = item.body or ""
        if item.body_format == "html":
            source = html_to_text(source)
        paragraphs = normalize(source).split("\n")
        body = _Body()
        rest = self._read_head(draft, [p for p in paragraphs if p], body)
        signature = self._signature(draft, rest, body)
        self._read_story(item.provider, rest[:-1] if signature else rest, body)
        if signature:
            draft.byline = draft.byline or signature
            body.remove("byline", rest[-1])
        self._assemble(draft, body)

    def _read_head(self, draft: Draft, paragraphs: list[str], body: _Body) -> list[str]:
        """Take headline, byline and dateline off the first paragraphs; returns what is left to read."""
        index, signed = 0, False
        while index < min(len(paragraphs), _HEAD_PARAGRAPHS):
            paragraph = paragraphs[index]
            following = paragraphs[index + 1] if index + 1 < len(paragraphs) else ""
            if draft.headline and index == 0 and _same(paragraph, draft.headline):
                body.remove("headline", paragraph)
            elif (names := self._byline(draft, paragraph, following)) is not None:
                draft.byline = draft.byline or names
                signed = True
                body.remove("byline", paragraph)
            elif self._boilerplate.is_advisory(paragraph):
                body.remove("advisory", paragraph)
            elif self._is_dateline_alone(draft, paragraph) or (signed and following and self._heads.is_place(paragraph)):
                draft.dateline = draft.dateline or paragraph.rstrip(" .-–—:")
                body.remove("dateline", paragraph)
            else:
                break
            index += 1
        rest = paragraphs[index:]
        if rest:
            rest[0] = self._without_dateline(draft, rest[0], body)
        return rest

    def _signature(self, draft: Draft, paragraphs: list[str], body: _Body) -> str | None:
        """Who signs under an agency's story, by a last line of nothing but names."""
        datelines = [draft.dateline or "", *(part.text for part in body.removed if part.kind == "dateline")]
        if len(paragraphs) < _LEAST_SIGNED or not any(map(self._heads.is_of_agency, datelines)):
            return None
        return self._heads.name_line(paragraphs[-1]) if _is_title(paragraphs[-1]) else None

    def _byline(self, draft: Draft, paragraph: str, following: str) -> str | None:
        if draft.byline and len(paragraph) <= 200 and _same(paragraph, draft.byline):
            return draft.byline
        names = self._heads.byline(paragraph)
        if names is None and self._heads.dateline(following) is not None and self._heads.dateline(paragraph) is None:
            names = self._heads.name_line(paragraph)
        return names

    def _is_dateline_alone(self, draft: Draft, paragraph: str) -> bool:
        return bool(draft.dateline and len(paragraph) <= 200 and _same(paragraph, draft.dateline))

    def _without_dateline(self, draft: Draft, paragraph: str, body: _Body) -> str:
        found = self._heads.dateline(paragraph)
        if found is None:
            return paragraph
        draft.dateline = draft.dateline or found.text
        body.remove("dateline", paragraph[: found.end].strip())
        return paragraph[found.end :].lstrip()

    def _read_story(self, provider: str, paragraphs: list[str], body: _Body) -> None:
        """Keep the story, without what the provider ends its articles with.

        A title follows the line that announces it; at the end of a story a list of titles may.
        """
        paragraphs = [paragraph for paragraph in paragraphs if paragraph]
        kinds = [self._boilerplate.kind(paragraph) for paragraph in paragraphs]
        for at in self._tails.places(provider, paragraphs, [kind is None for kind in kinds]):
            kinds[at] = "tail"
        sentences = [at for at, kind in enumerate(kinds) if kind is None and not _is_title(paragraphs[at])]
        last_sentence = sentences[-1] if sentences else -1
        link_open = False
        for at, (paragraph, kind) in enumerate(zip(paragraphs, kinds, strict=True)):
            if kind is not None:
                body.remove(kind, paragraph)
                link_open = kind == "related" and self._boilerplate.is_open_link(paragraph)
            elif link_open and _is_title(paragraph):
                body.remove("related", paragraph)
                link_open = at > last_sentence
            else:
                link_open = False
                self._keep(paragraph, body)

    def _keep(self, paragraph: str, body: _Body) -> None:
        kept: list[str] = []
        done = length = 0
        for start, end, kind in self._boilerplate.inline(paragraph):
            kept.append(paragraph[done:start])
            length += start - done
            body.remove(kind, paragraph[start:end].strip(), length)
            done = end if length else len(paragraph) - len(paragraph[end:].lstrip())
        kept.append(paragraph[done:])
        body.keep("".join(kept).strip())

    @staticmethod
    def _assemble(draft: Draft, body: _Body) -> None:
        story = "\n".join(body.paragraphs)
        if draft.headline and story:
            draft.text = f"{draft.headline}\n\n{story}"
            offset = len(draft.headline) + 2
        else:
            draft.text = draft.headline or story
            offset = 0 if not draft.headline else len(draft.headline)
        limit = len(draft.text)
        draft.removed = [Removed(part.kind, part.text, min(part.at + offset, limit)) for part in body.removed]


def _is_title(paragraph: str) -> bool:
    return len(paragraph) <= 200 and paragraph.rstrip("\"”»’')")[-1:] not in (".", "!", "?", "…")


def _same(paragraph: str, other: str) -> bool:
    """Equal but for case, accents' form, spaces and punctuation."""
    if abs(len(paragraph) - len(other)) > 20:
        return False
    words = _LETTERS.findall(paragraph.casefold())
    return bool(words) and words == _LETTERS.findall(other.casefold())
