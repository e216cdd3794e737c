"""The elements of feeds by key: `prefix:name` in lower case, whatever prefix and namespace the document writes."""

from __future__ import annotations

from lxml import etree

NAMESPACES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.itunes.com/DTDs/Podcast-1.0.dtd": "itunes",
    "http://wordpress.org/export/1.0/": "wp",
    "http://wordpress.org/export/1.1/": "wp",
    "http://wordpress.org/export/1.2/": "wp",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
}
RSS_NAMESPACES = {
    "http://backend.userland.com/rss2",
    "http://backend.userland.com/RSS2",
    "http://blogs.law.harvard.edu/tech/rss",
    "http://purl.org/rss/1.0/",
    "http://purl.org/net/rss1.1#",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://channel.netscape.com/rdf/simple/0.9/",
    "http://my.netscape.com/publish/formats/rss-0.91.dtd",
}
_USUAL_PREFIXES = {"rss": "", "rss1": "", "atom10": "atom", "atom03": "atom", "html": "xhtml", "?": "?"}


Children = dict[str, list[etree._Element]]


class Names:
    """Tags as keys: `prefix:name` in lower case, the feed's own names without prefix, names of an unknown namespace with `?`."""

    def __init__(self, root: etree._Element) -> None:
        self._keys: dict[str, str] = {}
        self._own = _namespace(root)
        if self._own and NAMESPACES.get(self._own) == "rdf":
            self._own = None

    def key(self, tag: object) -> str:
        """The key of a tag; comments and processing instructions have none."""
        if not isinstance(tag, str):
            return "?:"
        key = self._keys.get(tag)
        if key is None:
            key = self._keys[tag] = self._make(tag)
        return key

    def _make(self, tag: str) -> str:
        if tag[0] == "{":
            namespace, _, name = tag[1:].partition("}")
            prefix = "" if namespace == self._own or namespace in RSS_NAMESPACES else NAMESPACES.get(namespace, "?")
        else:
            prefix, _, name = tag.rpartition(":")
            prefix = _USUAL_PREFIXES.get(prefix, prefix)
        return f"{prefix}:{name}".lower() if prefix else name.lower()

    def children(self, element: etree._Element) -> Children:
        """The element's children by key."""
        found: Children = {}
        for child in element:
            found.setdefault(self.key(child.tag), []).append(child)
        return found


def dialect(root: etree._Element) -> str | None:
    """`rss`, `atom` or `rdf` by the root element; None if it is no feed's."""
    names = Names(root)
    name = str(root.tag).rpartition("}")[2].rpartition(":")[2].lower()
    inside = {names.key(child.tag) for child in root}
    if name == "rss" or (name == "channel" and inside & {"item", "title", "link"} | ({"CHANNEL"} & {root.tag})):
        return "rss"
    is_atom = NAMESPACES.get(_namespace(root) or "") == "atom"
    if (name == "feed" and (is_atom or "entry" in inside)) or (name == "entry" and is_atom):
        return "atom"
    if name == "rdf" and (inside & {"item", "channel"} or any(space in RSS_NAMESPACES for space in root.nsmap.values())):
        return "rdf"
    return None


def _namespace(element: etree._Element) -> str | None:
    """The namespace of an element, whose tag may be one that lxml itself would not make (an undeclared prefix)."""
    tag = str(element.tag)
    return tag[1:].partition("}")[0] if tag.startswith("{") else None
