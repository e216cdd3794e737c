"""The day of an act that the text does not date: another's of the sentence before, where one scene goes on (coding.md, 15)."""

from __future__ import annotations

from collections.abc import Sequence

from teletipo.enrich.events.coded import Coded
from teletipo.enrich.events.place_sharing import bodily
from teletipo.enrich.events.view import View


def share_days(coded: Sequence[Coded], view: View) -> None:
    """ "Miles de personas marcharon el jueves en Lima. La Policía detuvo a nueve": the arrests are Thursday's.

    Only what is done where its people are goes on so: who condemns the arrests may do it later.
    """
    told = sorted(coded, key=lambda c: c.match.predicate.token)
    for at, event in enumerate(told):
        if event.days is not None or not _goes_on(event) or not _main(event, view):
            continue
        before = view.sentence_before(view.sentence_of[event.match.predicate.token])
        for earlier in reversed(told[:at]):
            if view.sentence_of[earlier.match.predicate.token] == before and earlier.days and _goes_on(earlier):
                if earlier.days.first == earlier.days.last:
                    event.days = earlier.days
                break


def _goes_on(event: Coded) -> bool:
    return bodily(event) and event.status.modality == "asserted"


def _main(event: Coded, view: View) -> bool:
    """Whether an act carries the story on; "que había sido detenido" and what a relative clause tells go back."""
    token = event.match.predicate.token
    if view.dep[token].startswith("acl"):
        return False
    auxiliaries = [c for c in view.children[token] if view.dep[c].startswith("aux")]
    return not any(view.lemma[c] in ("haber", "have") for c in auxiliaries)
