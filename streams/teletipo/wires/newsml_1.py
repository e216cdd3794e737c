"""NewsML 1.0 to 1.2: `NewsItem`s with nested `NewsComponent`s. The text is found first, its metadata outwards from it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from teletipo.errors import UnreadableWire
from teletipo.records.raw import RawItem, Related, Subject
from teletipo.wires import newsml_1_content as content
from teletipo.wires import xml_fields as fields
from teletipo.wires.context import Context
from teletipo.wires.json_fields import digest, without_headline
from teletipo.wires.markup import one_line
from teletipo.wires.source import Source

FORMAT = "newsml-1"

_ID, _MANAGED = "Identification/NewsIdentifier", "NewsManagement"
ITEM_FIELDS: fields.Table = {
    "published_at": (f"{_MANAGED}/FirstCreated",),
    "updated_at": (f"{_MANAGED}/ThisRevisionCreated",),
    "urgency": (f"{_MANAGED}/Urgency@FormalName",),
}
"""Places below the NewsItem."""
COMPONENT_FIELDS: fields.Table = {
    "headline": ("NewsLines/HeadLine",),
    "subheadline": ("NewsLines/SubHeadLine",),
    "byline": ("NewsLines/ByLine",),
    "dateline": ("NewsLines/DateLine",),
    "credit": ("NewsLines/CreditLine",),
    "slug": ("NewsLines/SlugLine",),
    "located": (
        "DescriptiveMetadata/Location/Property[@FormalName='City']@Value",
        "DescriptiveMetadata/Property[@FormalName='City']@Value",
        "DescriptiveMetadata/Location/Property[@FormalName='Country']@Value",
    ),
    "source": ("AdministrativeMetadata/Source/Party@FormalName",),
    "usage_terms": ("RightsMetadata/UsageRights/UsageType", "RightsMetadata/UsageRights", "UsageRights"),
}
"""Places in the NewsComponent of the text, else in the component around it, and so on outwards."""
_LANGUAGE = ("DescriptiveMetadata/Language@FormalName",)
_PROVIDERS = (f"{_ID}/ProviderId", ".//AdministrativeMetadata/Provider/Party@FormalName")
_STATUS = (f"{_MANAGED}/Status@FormalName", f"{_MANAGED}/Status")
_INSTRUCTIONS = (
    f"{_MANAGED}/Instruction@FormalName",
    f"{_MANAGED}/NewsItemType@FormalName",
    f"{_MANAGED}/RevisionStatus@FormalName",
)
_RELEASES = (f"{_MANAGED}/StatusWillChange/DateAndTime",)
_NOTES = ("AdvisoryLine", "EditorialNote", "EdNote")
_ADDRESSES = (".//guid", ".//link", ".//url", ".//Link", ".//Url", ".//URL")
_GLOBAL = re.compile(r"\d{5}")
"""A Duid of few digits (`NC0001`) is one of the document alone."""
_KILLS = {"kill", "cancel", "canceled", "cancelled", "delete", "withdraw"}


def recognises(source: Source) -> bool:
    """Whether the root element is `NewsML`, or a `NewsItem` alone."""
    return source.xml is not None and str(source.xml.tag).rpartition("}")[2] in ("NewsML", "NewsItem")


def read(source: Source, context: Context) -> Iterator[RawItem]:
    """The text items in order. Raises UnreadableWire for a single item with neither id nor text."""
    assert source.xml is not None
    root = fields.strip_namespaces(source.xml)
    sender = fields.first(root, ("NewsEnvelope/SentFrom/Party@FormalName",))
    elements = [root] if root.tag == "NewsItem" else fields.all_items(root, "NewsItem")
    topics = _topics(root)
    found: list[RawItem] = []
    for number, element in enumerate(elements, start=1):
        item = _item(element, sender, topics, context)
        if item is None or isinstance(item, str):
            context.no_item()
        if isinstance(item, str):
            if len(elements) == 1:
                raise UnreadableWire(item)
            context.lost(f"NewsItem {number}: {item}")
        elif item is not None:
            found.append(item)
    _tell_apart(found)
    yield from found


def _tell_apart(items: list[RawItem]) -> None:
    """An id that different stories of one document share is none: they get digests."""
    told: dict[tuple[str, int | None], set[str | None]] = {}
    for item in items:
        told.setdefault((item.item_id, item.version), set()).add(item.headline or (item.body or "")[:200])
    for item in items:
        if len(told[item.item_id, item.version]) > 1:
            item.item_id = _digest(item)


def _topics(root: etree._Element) -> dict[str, dict[str, str]]:
    """What the document's own TopicSets call a code, by language (`""` where none is said)."""
    found: dict[str, dict[str, str]] = {}
    for topic in root.iter("Topic"):
        code = one_line(topic.findtext("FormalName"))
        for description in topic.iterfind("Description"):
            name = one_line(fields.text_of(description))
            if code and name and (description.get("Variant") or "Name").lower() == "name":
                language = (description.get(fields.XML_LANG) or "").lower().split("-")[0]
                found.setdefault(code, {}).setdefault(language, name)
    return found


def _item(
    element: etree._Element, sender: str | None, topics: dict[str, dict[str, str]], context: Context
) -> RawItem | str | None:
    """The item; None if it is no text; the reason if it cannot be read."""
    context.begin_item()
    provider = context.provider_of(*(value for place in _PROVIDERS for _, value in fields.values(element, place)), sender)
    text = content.text_of_item(element)
    item = RawItem(provider, "-", body=text.body)
    item.version = fields.first(element, (f"{_ID}/RevisionId",), context, "version", fields.version)
    for name, places in ITEM_FIELDS.items():
        setattr(item, name, fields.first(element, places, context, name, context.urgency if name == "urgency" else context.time))
    for name, places in COMPONENT_FIELDS.items():
        setattr(item, name, _nearest(text.components, places, context, name))
    item.language = _language(element, text, context)
    _add_inner_story(item, text)
    item.slug = item.slug or fields.first(element, ("Identification/NameLabel",), context, "slug")
    item.subjects = list(_subjects(text.components, topics, item.language))
    item.ed_note = _notes(text.components)
    item.related = list(_related(element))
    _set_status(item, element, context)
    wire_id = _item_id(element, text, context)
    if not wire_id and not item.body and not item.headline:
        return "NewsItem with neither an id nor a text"
    if item.status == "usable" and (not text.is_text or not (item.body or item.headline)):
        return None
    item.item_id = wire_id or _digest(item)
    return item


def _digest(item: RawItem) -> str:
    return digest(item.provider, item.headline, str(item.published_at), item.body)


def _nearest(components: list[etree._Element], places: fields.Places, context: Context, name: str) -> str | None:
    for component in components:
        value: str | None = fields.first(component, places, context, name)
        if value is not None:
            return value
    return None


def _add_inner_story(item: RawItem, text: content.Text) -> None:
    """What the metadata leave open and the text's own NITF says."""
    item.summary = text.summary
    if text.nitf is not None:
        for name in ("headline", "subheadline", "byline", "dateline", "located"):
            setattr(item, name, getattr(item, name) or getattr(text.nitf, name))
        item.summary = item.summary or text.nitf.abstract
    item.headline = item.headline or text.title
    item.body = without_headline(item.body or "", item.headline)


def _language(element: etree._Element, text: content.Text, context: Context) -> str | None:
    for component in text.components:
        found: str | None = fields.first(component, _LANGUAGE, context, "language", context.language)
        if found:
            return found
    for component in [*text.components, element]:
        found = fields.first(component, ("@xml:lang", "NewsLines/HeadLine@xml:lang"), context, "language", context.language)
        if found:
            return found
    return None


def _item_id(element: etree._Element, text: content.Text, context: Context) -> str | None:
    """The id without revision: the public identifier, or the element that the profile names; then others that are stable."""
    number = fields.first(element, (f"{_ID}/NewsItemId",), context, "item_id")
    number = None if number in (None, "0") else _without_version(number, element, context)
    wanted = context.profile.newsml_1_id if context.profile else "PublicIdentifier"
    public = _public_identifier(element, context)
    duids = (part.get("Duid") or "" for part in [element, *text.components[::-1]])
    duid = next((one_line(duid) for duid in duids if _GLOBAL.search(duid)), None)
    chosen = {"NewsItemId": number, "Duid": duid, "PublicIdentifier": public}[wanted]
    address = fields.first(element, _ADDRESSES, convert=lambda value: value if value.startswith("http") else None)
    return chosen or public or number or duid or address


def _public_identifier(element: etree._Element, context: Context) -> str | None:
    """`PublicIdentifier` without its last `:revision[update]`; made of its parts where it names no item."""
    provider, date, number, public = (
        fields.first(element, (f"{_ID}/{name}",)) for name in ("ProviderId", "DateId", "NewsItemId", "PublicIdentifier")
    )
    if number in (None, "0"):
        return None
    named = re.match(rf"(.*:{re.escape(number)})(?::\d+[A-Z]?)?$", public or "")
    if named:
        return _without_version(named[1], element, context)
    number = _without_version(number, element, context)
    return f"urn:newsml:{provider}:{date}:{number}" if provider and date else number


def _without_version(wire_id: str, element: etree._Element, context: Context) -> str:
    """The id without `-v2` of revision 2 (ANP), and what else the profile says counts versions."""
    revision = fields.first(element, (f"{_ID}/RevisionId",))
    tail = re.search(r":(\d+)[A-Z]?$", fields.first(element, (f"{_ID}/PublicIdentifier",)) or "")
    wire_id = wire_id.removesuffix(f"-v{revision or (tail[1] if tail else '')}")
    return context.profile.item_id(wire_id) if context.profile else wire_id


def _subjects(components: list[etree._Element], topics: dict[str, dict[str, str]], language: str | None) -> Iterator[Subject]:
    """The subject codes of the innermost component that has any, by the name that the item's language has for them."""
    for component in components:
        seen: set[str] = set()
        for code_element in component.iterfind("DescriptiveMetadata/SubjectCode/*"):
            code = one_line(code_element.get("FormalName"))
            if code and code not in seen:
                seen.add(code)
                names = topics.get(code, {})
                spoken = (language or "").split("-")[0]
                name = names.get(spoken) or names.get("") or names.get("en") or next(iter(names.values()), None)
                scheme = code_element.get("Scheme") or ("IptcSubjectCodes" if re.fullmatch(r"\d{8}", code) else None)
                yield Subject(scheme, code, name)
        if seen:
            return


def _notes(components: list[etree._Element]) -> str | None:
    notes: list[str] = []
    for component in components:
        for line in component.iterfind("NewsLines/NewsLine"):
            kind = line.find("NewsLineType")
            if kind is not None and (kind.get("FormalName") or "") in _NOTES and (note := fields.first(line, ("NewsLineText",))):
                notes.append(note)
        notes.extend(note for name in _NOTES if (note := fields.first(component, (f"NewsLines/{name}",))))
    return "\n".join(dict.fromkeys(notes)) or None


def _related(element: etree._Element) -> Iterator[Related]:
    seen = set()
    for name in ("AssociatedWith", "DerivedFrom"):
        for other in element.iterfind(f"{_MANAGED}/{name}"):
            ref = one_line(other.get("NewsItem"))
            if ref and ref not in seen:
                seen.add(ref)
                yield Related("see", ref)


def _set_status(item: RawItem, element: etree._Element, context: Context) -> None:
    previous = fields.first(element, (f"{_ID}/RevisionId@PreviousRevision",), convert=fields.version)
    item.change = "update" if previous else None
    state = fields.first(element, _STATUS, context, "status", str)
    instructions = [value for place in _INSTRUCTIONS for _, value in fields.values(element, place)]
    if context.is_kill(*instructions) or any(word.lower() in _KILLS for word in instructions):
        state = "canceled"
    is_embargoed = bool(state) and state.strip().lower() == "embargoed"
    release = fields.first(element, _RELEASES, context, "embargoed_until", str) if is_embargoed else None
    context.set_status(item, state, release)
