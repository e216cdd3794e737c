"""The stable id of an event (contract.md): it survives corrections that change no fact."""

from __future__ import annotations

import hashlib

import orjson

from teletipo.records import Participant


def participant_key(p: Participant) -> str:
    """`country/sector`, else the case-folded name of the entity."""
    if p.country or p.sector in ("IGO", "NGO"):
        return f"{p.country or ''}/{p.sector or ''}" if p.country else p.name.casefold()
    return p.name.casefold()


def event_id(
    article_id: str, kind: str, actors: list[Participant], recipients: list[Participant], first_day: str | None, n: int
) -> str:
    """Digest of [article_id, type, sorted actor keys, sorted recipient keys, date.from, n], 32 hexadecimal digits.

    `n` counts otherwise equal events of the article by the start of their triggers.
    """
    key = [
        article_id,
        kind,
        sorted(participant_key(p) for p in actors),
        sorted(participant_key(p) for p in recipients),
        first_day,
        n,
    ]
    return hashlib.sha256(orjson.dumps(key)).hexdigest()[:32]
