"""Which records a subscriber wants. A retraction passes every filter: what no longer stands concerns whoever may have seen it."""

from __future__ import annotations

from dataclasses import dataclass

from teletipo.records import Article, Event, Participant


@dataclass(slots=True, frozen=True)
class Filter:
    """Conditions that all must hold; an empty one holds always.

    `types` are PLOVER types, `countries` ISO 3166-1 alpha-3 codes of any participant or the place (for an article: of any
    entity), `actors` parts of a participant's name (for an article: of an entity's name), `languages` BCP 47 codes.
    """

    types: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    actors: tuple[str, ...] = ()
    languages: frozenset[str] = frozenset()
    min_confidence: float = 0.0

    def wants(self, record: Article | Event) -> bool:
        """True if the record matches, or is a retraction."""
        if record.retracted:
            return True
        if self.languages and record.language not in self.languages:
            return False
        return self._wants_event(record) if isinstance(record, Event) else self._wants_article(record)

    def _wants_event(self, event: Event) -> bool:
        everyone = [*event.actors, *event.recipients]
        countries = {participant.country for participant in everyone}
        if event.place:
            countries.add(event.place.country)
        return (
            (not self.types or event.type in self.types)
            and event.confidence >= self.min_confidence
            and (not self.countries or not self.countries.isdisjoint(c for c in countries if c))
            and (not self.actors or any(_named(participant, part) for participant in everyone for part in self.actors))
        )

    def _wants_article(self, article: Article) -> bool:
        countries = {entity.country for entity in article.entities if entity.country}
        names = [entity.name.casefold() for entity in article.entities]
        return (not self.countries or not self.countries.isdisjoint(countries)) and (
            not self.actors or any(part.casefold() in name for name in names for part in self.actors)
        )


def _named(participant: Participant, part: str) -> bool:
    return part.casefold() in participant.name.casefold() or part.casefold() in participant.text.casefold()
