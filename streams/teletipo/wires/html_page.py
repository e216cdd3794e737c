"""An article page: canonical link, JSON-LD `NewsArticle` first, then OpenGraph, then the page itself (trafilatura).

JSON-LD's text has lost its paragraphs; the page's paragraphs that occur in it are the story, the rest of the page is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from lxml import etree

from teletipo.errors import UnreadableWire
from teletipo.records.raw import RawItem, Subject
from teletipo.wires import json_fields as fields
from teletipo.wires.addresses import host_of
from teletipo.wires.context import Context
from teletipo.wires.markup import html_to_text, plain_or_marked_up
from teletipo.wires.source import Source, lenient_json

FORMAT = "html"

_HEAD = re.compile(r"(?:\ufeff|\s|<!--.*?-->|<\?xml[^<>]*>)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|LiveBlogPosting)$")
_TEASER = re.compile(
    r"(?:noticias? relacionadas?|te puede interesar|lee tambi[eé]n|leer m[aá]s|m[aá]s informaci[oó]n|related(?: stor(?:y|ies))?"
    r"|read more|see also)\b",
    re.I,
)
_WRAPPING = re.compile(r"^\s*(?://)?\s*(?:<!\[CDATA\[|<!--)|(?://)?\s*(?:\]\]>|-->)\s*$")
"""What older pages put around a script."""
_MAX_PAGE = 5_000_000
_MOST_TAGS = 100_000
"""Tags of a page, opening and closing; newspapers' have some thousands. Finding the article takes time for each."""
_MOST_COMPARED = 50_000_000
"""Characters looked through for a page's paragraphs in its JSON-LD; a genuine page needs a thousandth."""
_MOST_UPDATES = 2000
"""Contributions to a live blog."""
_MIN_ARTICLE = 400
"""Characters of running text below which a page that does not call itself an article is none."""


@dataclass(slots=True)
class Page:
    """A parsed page and what it says about itself."""

    tree: etree._Element
    meta: dict[str, list[str]] = field(default_factory=dict)
    linked: dict[str, Any] = field(default_factory=dict)

    def first(self, *names: str) -> str | None:
        """The first `meta` of these names (property, name or itemprop) that is not empty."""
        return next((value for name in names for value in self.meta.get(name, ()) if value), None)


def open_page(text: str) -> Page | None:
    """Parse a page; None if there is no element in it."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, huge_tree=False)
    try:
        tree = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if tree is None:
        return None
    page = Page(tree)
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if name and content and content.strip():
            page.meta.setdefault(name.lower(), []).append(content.strip())
    page.linked = next((node for node in _linked_data(tree) if _is_article(node)), {})
    return page


def _linked_data(tree: etree._Element) -> Iterator[dict[str, Any]]:
    for number, script in enumerate(tree.iter("script")):
        if number > 2000 or "ld+json" not in (script.get("type") or "").lower():
            continue
        raw = _WRAPPING.sub("", script.text or "").strip().rstrip(";")
        try:
            value = lenient_json(raw)
        except UnreadableWire:
            continue
        yield from _nodes(value)


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    for node in fields.objects(value):
        yield node
        for member in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from fields.objects(node.get(member, []))


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    return any(isinstance(kind, str) and _ARTICLE.search(kind) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _live_blog(node: dict[str, Any]) -> str:
    """The contributions of a live blog in order of the page: the headline of each, then its text."""
    updates = islice(fields.objects(node.get("liveBlogUpdate", [])), _MOST_UPDATES)
    texts = [fields.text(update.get(name)) for update in updates for name in ("headline", "articleBody")]
    return "\n".join(html_to_text(text) for text in texts if text)


def body(page: Page, text: str) -> str:
    """The story's paragraphs: the page's own where JSON-LD vouches for them, else JSON-LD's text, else what trafilatura finds."""
    declared = page.linked.get("articleBody")
    declared = plain_or_marked_up(declared) if isinstance(declared, str) else ""
    if not declared and (live := _live_blog(page.linked)):
        return live
    found = _extract(text)
    if not declared:
        return found
    letters = _letters(declared)
    is_teaser = declared.rstrip().endswith(("...", "…")) and len(letters) < 0.5 * len(_letters(found))
    if is_teaser:
        return found
    lines = declared.split("\n") if declared.count("\n") > found.count("\n") else _paragraphs(declared, letters, found)
    return "\n".join(line for line in lines if not _TEASER.match(line))


def _paragraphs(declared: str, letters: str, found: str) -> list[str]:
    """The declared text, divided where the page's own paragraphs begin and end. What the page lacks of it is not lost.

    A short line counts only where the text has got to.
    """
    places = [place for place, character in enumerate(declared) for _ in _letters(character)] + [len(declared)]
    lines: list[str] = []
    cursor = compared = 0
    for line in found.split("\n"):
        own = _letters(line)
        limit = min(cursor + 200 + len(own), len(letters)) if len(own) < 20 else len(letters)
        place = letters.find(own, cursor, limit) if len(own) > 1 and compared < _MOST_COMPARED else -1
        compared += (limit if place < 0 else place) - cursor
        if place < 0:
            continue
        if place > cursor:
            lines.append(_between(declared, places[cursor], places[place]))
        lines.append(line)
        cursor = place + len(own)
    if cursor < len(letters):
        lines.append(_between(declared, places[cursor], len(declared)))
    return [line for line in lines if line]


def _between(text: str, start: int, end: int) -> str:
    """What the page lacks of the declared text, unless it is a teaser of another story."""
    piece = text[start:end].strip()
    return "" if _TEASER.match(piece) else piece


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _extract(text: str) -> str:
    import trafilatura

    found = trafilatura.extract(text, include_comments=False, include_tables=True, output_format="txt")
    return "\n".join(line for line in (" ".join(part.split()) for part in (found or "").splitlines()) if line)


def recognises(source: Source) -> bool:
    """Whether the text is an HTML page: it says so at its head."""
    return bool(_HEAD.match(source.text[:4096]))


def read(source: Source, context: Context) -> Iterator[RawItem]:
    """The page's article. A page without one (an error, a log-in form, a front page) is unreadable."""
    if len(source.text) > _MAX_PAGE:
        raise UnreadableWire(f"an HTML page of {len(source.text)} characters; an article has at most {_MAX_PAGE}")
    if source.text.count("<") > _MOST_TAGS:
        raise UnreadableWire(f"an HTML page with more than {_MOST_TAGS} tags")
    page = open_page(source.text)
    if page is None:
        raise UnreadableWire("an HTML page without an element")
    text = body(page, source.text)
    if not _has_article(page, text):
        raise UnreadableWire("an HTML page without an article in it")
    item = _item(page, text, context)
    context.set_status(item, None, None)
    yield item


def _has_article(page: Page, text: str) -> bool:
    """A page with a password field or without running text has no article, unless it calls itself one."""
    if page.linked and (text or fields.text(page.linked.get("headline"))):
        return True
    if page.tree.find(".//input[@type='password']") is not None:
        return False
    declared = (page.first("og:type") or "").lower() == "article"
    long_enough = len(text) >= (_MIN_ARTICLE // 2 if declared else _MIN_ARTICLE)
    sentences = sum(1 for line in text.split("\n") if len(line) >= 60)
    dated = page.first("article:published_time", "date", "datepublished") or page.tree.find(".//time") is not None
    return long_enough and sentences >= 2 and bool(declared or dated or page.tree.find(".//article") is not None)


def _item(page: Page, text: str, context: Context) -> RawItem:
    linked = page.linked
    url = _canonical(page)
    headline = (
        _plain(linked.get("headline"))
        or page.first("og:title", "twitter:title")
        or _element(page, "h1")
        or _element(page, "title")
    )
    summary = _plain(linked.get("description")) or page.first("og:description", "description")
    subheadline = _plain(linked.get("alternativeHeadline"))
    published = linked.get("datePublished") or page.first(
        "article:published_time", "og:article:published_time", "datepublished", "date"
    )
    published = published or _shown_time(page)
    lines = text.split("\n")
    shown = (headline, summary, subheadline, _element(page, "h1"))
    while len(lines) > 1 and not linked.get("articleBody") and lines[0] in shown:
        del lines[0]
    host = host_of(url)
    return RawItem(
        provider=context.provider(host),
        item_id=url or fields.digest(headline, fields.text(published)),
        version=0,
        published_at=context.time(published),
        updated_at=context.time(
            linked.get("dateModified") or page.first("article:modified_time", "og:updated_time", "datemodified")
        ),
        language=context.language(
            _first_text(linked.get("inLanguage")) or page.tree.get("lang") or page.first("og:locale", "lang")
        ),
        headline=" ".join(headline.split()) if headline else None,
        subheadline=subheadline,
        byline=_names(linked.get("author")) or page.first("author", "article:author", "og:article:author"),
        located=_names(linked.get("contentLocation")),
        summary=summary,
        body="\n".join(lines),
        subjects=[Subject(None, tag, tag) for tag in _tags(page)],
        source=_names(linked.get("sourceOrganization")) or _names(linked.get("publisher")) or page.first("og:site_name"),
        url=url,
    )


def _canonical(page: Page) -> str | None:
    links = [link.get("href") for link in page.tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    entity = page.linked.get("mainEntityOfPage")
    named = entity.get("@id") if isinstance(entity, dict) else entity
    candidates = [*links, page.first("og:url"), fields.text(page.linked.get("url")), fields.text(named)]
    return next((url.strip() for url in candidates if url and url.strip().startswith(("http://", "https://"))), None)


def _shown_time(page: Page) -> str | None:
    """The first machine-readable time of the article, or of the page."""
    marked = (element.get("datetime") for path in (".//article//time", ".//time") for element in page.tree.iterfind(path))
    return next((value for value in marked if value), None)


def _element(page: Page, name: str) -> str | None:
    element = page.tree.find(f".//{name}")
    return " ".join("".join(element.itertext()).split()) or None if element is not None else None


def _plain(value: Any) -> str | None:
    """A text of JSON-LD on one line, its HTML entities and tags resolved (some publishers escape twice)."""
    text = fields.text(value)
    return fields.line(html_to_text(text)) if text and ("&" in text or "<" in text) else fields.line(text)


def _first_text(value: Any) -> str | None:
    members = value if isinstance(value, list) else [value]
    return next(
        (text for member in members if (text := fields.text(member.get("name") if isinstance(member, dict) else member))), None
    )


def _names(value: Any) -> str | None:
    """The names of persons, organisations or places, which JSON-LD gives as text, object or list of these."""
    members = value if isinstance(value, list) else [value]
    return fields.joined([_plain(member.get("name") if isinstance(member, dict) else member) for member in members], ", ")


def _tags(page: Page) -> list[str]:
    keywords = page.linked.get("keywords") or page.meta.get("article:tag") or []
    listed = keywords.split(",") if isinstance(keywords, str) else keywords if isinstance(keywords, list) else []
    return list(dict.fromkeys(tag for tag in map(fields.line, listed) if tag))
