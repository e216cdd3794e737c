"""Events against coded sets: our own (dev, or final with --final), es_events_dev, PLV, calibration, the coder's share of time."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from teletipo.enrich.clean import Cleaner
from teletipo.enrich.events import EventCoder
from teletipo.enrich.events.examples import reading_stages
from teletipo.enrich.events.participants import fold
from teletipo.enrich.model import Draft, Stage
from teletipo.records import Event, Participant, RawItem
from teletipo.settings import load_settings

from bench.quality_coverage import missing, print_coverage

ROOT = Path(__file__).resolve().parents[1]
SETS = ROOT / "bench" / "sets"
QUIET = (("quiet_es", "es"), ("quiet_en", "en"))
"""Sets of sentences without any event, by file name and language; even ids are for tuning, odd ones only measure."""


def shared() -> Path | None:
    """The folder of corpora outside the repository, where it is."""
    folder = Path(os.environ.get("TELETIPO_SHARED", ROOT.parent / "shared"))
    return folder if folder.is_dir() else None


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Records of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def draft_of(row: dict[str, Any], number: int) -> Draft:
    """A draft of a coded item; the headline stands before the body as the contract says."""
    headline, body = row.get("headline"), row.get("body") or row.get("text") or ""
    published = datetime.fromisoformat(row["published_at"].replace("Z", "+00:00")) if row.get("published_at") else None
    item = RawItem(
        provider="bench",
        item_id=str(row.get("id", number)),
        published_at=published,
        headline=headline,
        dateline=row.get("dateline"),
        body=body,
        language=row.get("language"),
    )
    return Draft(item=item, language=row.get("language"))


def code(rows: list[dict[str, Any]], stages: list[Stage], language: str) -> list[Draft]:
    """Run rows of one language through annotation, entities and events."""
    drafts = [draft_of({**row, "language": language}, n) for n, row in enumerate(rows)]
    for start in range(0, len(drafts), 64):
        for stage in stages:
            stage(drafts[start : start + 64])
    return drafts


# our own sets


@dataclass(slots=True)
class Tally:
    """Counts over a set."""

    gold: int = 0
    found: int = 0
    wrong: int = 0
    quiet: int = 0
    quiet_wrong: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def f1(self) -> tuple[float, float, float]:
        """Precision, recall, F1 of types."""
        precision = self.found / max(1, self.found + self.wrong)
        recall = self.found / max(1, self.gold)
        return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def _overlaps(gold: dict[str, Any], event: Event) -> bool:
    a, b = set(fold(gold["trigger"]).split()), set(fold(event.trigger.text).split())
    return bool(a & b) or fold(event.trigger.text) in fold(gold["trigger"])


def sides_right(gold: list[dict[str, Any]], got: Iterable[Participant]) -> bool:
    """Every gold side is met by state or name, and there is none too many."""
    left = list(got)
    if len(left) != len(gold):
        return False
    for side in gold:
        hit = next((p for p in left if _meets(side, p)), None)
        if hit is None:
            return False
        left.remove(hit)
    return True


def _meets(gold: dict[str, Any], got: Participant) -> bool:
    if gold.get("country") and gold["country"] == got.country:
        return True
    a, b = set(fold(gold["text"]).split()), set(fold(got.text + " " + got.name).split())
    initials = {fold(w) for w in gold["text"].split() if len(w) == 2 and w.isupper()}  # "UN", "EU"
    return bool({w for w in a & b if len(w) > 2 or w in initials}) or fold(gold["text"]) == fold(got.text)


def _date_right(gold: dict[str, Any] | None, got: Any) -> bool:
    if not gold or not got:
        return not gold and not got
    return gold["from"] == got["from"] and gold["to"] == got["to"]


def _place_right(gold: dict[str, Any] | None, event: Event) -> bool:
    got = event.place
    if not gold or not got:
        return not gold and not got
    a, b = set(fold(gold["name"]).split()), set(fold(got.name).split())
    return bool({w for w in a & b if len(w) > 2}) or (gold.get("country") is not None and fold(gold["name"]) == fold(got.name))


def _pairs(
    golds: list[dict[str, Any]], events: list[Event]
) -> tuple[list[tuple[dict[str, Any], Event]], list[dict[str, Any]], list[Event]]:
    """Gold and coded events of the same type, the best fitting first."""
    options = []
    for g, gold in enumerate(golds):
        for e, event in enumerate(events):
            if gold["type"] == event.type:
                fit = (
                    3 * _overlaps(gold, event)
                    + sides_right(gold["actors"], event.actors)
                    + sides_right(gold["recipients"], event.recipients)
                )
                options.append((-fit, g, e))
    pairs, used_g, used_e = [], set(), set()
    for _, g, e in sorted(options):
        if g not in used_g and e not in used_e:
            used_g.add(g)
            used_e.add(e)
            pairs.append((golds[g], events[e]))
    return pairs, [x for i, x in enumerate(golds) if i not in used_g], [x for i, x in enumerate(events) if i not in used_e]


def own_set(rows: list[dict[str, Any]], drafts: list[Draft], show: bool) -> Tally:
    """Compare our own set."""
    t = Tally()
    for row, draft in zip(rows, drafts, strict=True):
        pairs, missed, extra = _pairs(row["events"], draft.events)
        required = [p for p in pairs if not p[0].get("optional")]
        t.found += len(required)
        t.gold += len(required) + sum(1 for g in missed if not g.get("optional"))
        t.wrong += len(extra)
        if not row["events"]:
            t.quiet += 1
            t.quiet_wrong += len(extra)
        for gold, event in required:
            t.errors += _fields(t, row, gold, event)
        t.errors += [
            f"MISSED {row['id']} {g['type']}/{g['mode']} {g['cameo']} «{g['trigger']}» | {draft.text[:230]!r}"
            for g in missed
            if not g.get("optional")
        ]
        t.errors += [
            f"EXTRA{'-QUIET' if not row['events'] else ''} {row['id']} {e.type}/{e.mode} {e.cameo} «{e.trigger.text}» {e.confidence} | {draft.text[:230]!r}"
            for e in extra
        ]
    if show:
        print("\n".join(sorted(t.errors)))
    return t


def _fields(t: Tally, row: dict[str, Any], gold: dict[str, Any], event: Event) -> list[str]:
    right = {
        "sides": sides_right(gold["actors"], event.actors) and sides_right(gold["recipients"], event.recipients),
        "mode": gold["mode"] == event.mode,
        "cameo": gold["cameo"] == event.cameo,
        "modality": gold["modality"] == event.modality,
        "date": _date_right(gold["date"], event.date),
        "place": _place_right(gold["place"], event),
        "claimed_by": bool(gold.get("claimed_by")) == bool(event.claimed_by),
    }
    t.fields.update(name for name, good in right.items() if good)
    t.fields["all"] += all(right[n] for n in ("sides", "mode", "modality", "date", "place"))
    got = {
        "sides": f"{[(p.text, p.country) for p in event.actors]} > {[(p.text, p.country) for p in event.recipients]} for "
        f"{[(p['text'], p['country']) for p in gold['actors']]} > {[(p['text'], p['country']) for p in gold['recipients']]}",
        "mode": f"{event.mode} for {gold['mode']}",
        "cameo": f"{event.cameo} for {gold['cameo']}",
        "modality": f"{event.modality} for {gold['modality']}",
        "date": f"{event.date and (event.date['from'], event.date['to'], event.date['text'])} for {gold['date']} {row['published_at'][:10]}",
        "place": f"{event.place and event.place.name} for {gold['place'] and gold['place']['name']}",
        "claimed_by": f"{event.claimed_by and event.claimed_by.text} for {(gold.get('claimed_by') or {}).get('text')}",
    }
    return [
        f"FIELD {n} {row['id']} «{event.trigger.text}» {got[n]} | {(row.get('body') or '')[:200]!r}"
        for n, good in right.items()
        if not good
    ]


def print_own(name: str, t: Tally) -> None:
    """The table of our own set."""
    precision, recall, f1 = t.f1()
    n = max(1, t.found)
    print(f"{name}: {t.gold} events, {t.found} found, {t.wrong} wrong; type P {precision:.1%} R {recall:.1%} F1 {f1:.1%}")
    print(f"  wrong events per quiet item: {t.quiet_wrong}/{t.quiet} = {t.quiet_wrong / max(1, t.quiet):.3f}")
    print(
        "  right among found: "
        + " · ".join(
            f"{k} {t.fields[k] / n:.1%}" for k in ("sides", "modality", "date", "place", "mode", "cameo", "claimed_by", "all")
        )
    )


# corpora outside


def root_family(cameo: str) -> str:
    """The root of a CAMEO code, where PLOVER has one type for two roots (appeals and demands, violence) the same for both."""
    root = cameo[:2]
    return {"02": "10", "09": "11", "19": "18", "20": "18"}.get(root, root)


def gold_roots(name: str, rows: list[dict[str, Any]], drafts: list[Draft]) -> None:
    """A corpus of coded sentences: recall by CAMEO root, and events that meet no gold root; the same with the roots of one type taken together."""
    for label, root in (("root", lambda code: code[:2]), ("root, 02=10, 09=11, 18=19=20", root_family)):
        gold = met = stray = 0
        for row, draft in zip(rows, drafts, strict=True):
            want = Counter(root(e["cameo"]) for e in row["events"] if e["cameo"][:2] not in ("01",))
            got = Counter(root(e.cameo) for e in draft.events)
            gold += sum(want.values())
            met += sum((want & got).values())
            stray += sum(n for name, n in got.items() if name not in want)
        print(
            f"{name}: recall by {label} {met}/{gold} = {met / max(1, gold):.1%}; "
            f"meeting no root {stray / max(1, len(rows)):.2f} a sentence"
        )


def marked_sides(rows: list[dict[str, Any]], drafts: list[Draft]) -> None:
    """PLV: an event of the type with the marked sides, end to end, macro-F1."""
    right, gold, got = Counter(), Counter(), Counter()
    for row, draft in zip(rows, drafts, strict=True):
        gold[row["root"]] += 1
        kinds = {("YIELD" if e.type in ("CONCEDE", "RETREAT") else e.type) for e in draft.events if _marked(row, e)}
        for kind in kinds:
            got[kind] += 1
        right[row["root"]] += row["root"] in kinds
    scores = {}
    for root in gold:
        precision, recall = right[root] / max(1, got[root]), right[root] / gold[root]
        scores[root] = 2 * precision * recall / max(1e-9, precision + recall)
    print(
        f"en_plv.train: macro-F1 {sum(scores.values()) / len(scores):.1%} · "
        + " ".join(f"{k} {v:.0%}" for k, v in sorted(scores.items()))
    )


def _marked(row: dict[str, Any], e: Event) -> bool:
    def near(phrase: str, people: list[Participant]) -> bool:
        words = {w for w in fold(phrase).split() if len(w) > 2}
        return any(words & set(fold(p.text).split()) for p in people)

    both = [*e.actors, *e.recipients]
    return near(row["source"], e.actors or both) and near(row["target"], both)


def reliability(pairs: list[tuple[float, bool]], bins: int = 5) -> tuple[float, float]:
    """Calibration error with equal-mass bins, and the Brier score."""
    pairs = sorted(pairs)
    error = 0.0
    for b in range(bins):
        part = pairs[len(pairs) * b // bins : len(pairs) * (b + 1) // bins]
        if part:
            error += len(part) / len(pairs) * abs(sum(p for p, _ in part) / len(part) - sum(r for _, r in part) / len(part))
    brier = sum((p - r) ** 2 for p, r in pairs) / max(1, len(pairs))
    return error, brier


def share_of_time(drafts: list[Draft], coder: EventCoder, stages: list[Stage]) -> None:
    """The coder's share of the time of annotation, entities and events together."""
    sample = drafts[:300]
    spent: defaultdict[str, float] = defaultdict(float)
    for stage in stages:
        started = time.perf_counter()
        stage(sample)
        spent[stage.name] += time.perf_counter() - started
    words = sum(len(d.text.split()) for d in sample)
    total = sum(spent.values())
    print(f"time: {words / total:.0f} words/s; " + " · ".join(f"{k} {v / total:.1%}" for k, v in spent.items()))


def _parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.quality events")
    parser.add_argument("--final", action="store_true", help="the blind final sets instead of the development sets")
    parser.add_argument("--errors", action="store_true", help="list every difference (development sets only)")
    parser.add_argument("--language", choices=("es", "en"))
    parser.add_argument("--corpora", action="store_true", help="also the event corpora outside the repository")
    return parser.parse_args(argv)


def _files(language: str, final: bool) -> Iterator[Path]:
    """The blind set, or single items and whole articles for development."""
    for part in ("final",) if final else ("dev", "articles"):
        path = SETS / f"events_{language}_{part}.jsonl"
        if path.exists():
            yield path


def main(argv: list[str]) -> None:
    """Print the table."""
    options = _parse(argv)
    settings = load_settings()
    stages = [Cleaner(settings), *reading_stages(settings)]
    coder = next(s for s in stages if isinstance(s, EventCoder))
    for language in [options.language] if options.language else ["es", "en"]:
        for path in _files(language, options.final):
            rows = read_lines(path)
            drafts = code(rows, stages, language)
            print_own(path.stem, own_set(rows, drafts, options.errors and not options.final))
            if not options.final:
                print_coverage(path.stem, *missing(rows, drafts, language, "trigger"), options.errors)
            share_of_time(drafts, coder, stages)
        _sides(stages, language, options.errors)
        _quiet(stages, language, options.errors)
    if options.corpora:
        _corpora(stages, options.language, options.errors)


def _sides(stages: list[Stage], language: str, show: bool) -> None:
    """Short articles about who and where: the half for tuning, whose differences are listed, and the half that only measures."""
    path = SETS / f"events_{language}_sides.jsonl"
    if not path.exists():
        return
    rows = read_lines(path)
    for even, label in ((True, "tuning (even ids)"), (False, "measuring (odd ids)")):
        half = [row for row in rows if tunes(row) is even]
        print_own(f"{path.stem}, {label}", own_set(half, code(half, stages, language), show and even))


def tunes(row: dict[str, Any]) -> bool:
    """Whether an item is of the half for tuning: those with an even id."""
    return int("".join(c for c in str(row["id"]) if c.isdigit())) % 2 == 0


def _quiet(stages: list[Stage], language: str, show: bool) -> None:
    """Wrong events per quiet sentence: the half for tuning, whose errors are listed, and the half that only measures."""
    for name, spoken in QUIET:
        path = SETS / f"{name}.jsonl"
        if spoken != language or not path.exists():
            continue
        rows = read_lines(path)
        drafts = code(rows, stages, language)
        halves: dict[bool, list[Draft]] = {True: [], False: []}
        for row, draft in zip(rows, drafts, strict=True):
            halves[tunes(row)].append(draft)
        parts = []
        for even, label in ((True, "tuning (even ids)"), (False, "measuring (odd ids)")):
            wrong = sum(len(d.events) for d in halves[even])
            parts.append(f"{label} {wrong}/{len(halves[even])} = {wrong / max(1, len(halves[even])):.3f}")
        print(f"{name}: wrong events per quiet sentence: " + " · ".join(parts))
        if show:
            for draft in halves[True]:
                for e in draft.events:
                    print(
                        f"  QUIET {draft.item.item_id} {e.type} {e.cameo} «{e.trigger.text}» {e.confidence} | {draft.text[:230]!r}"
                    )


def _corpora(stages: list[Stage], language: str | None, show: bool) -> None:
    folder = shared()
    if folder is None:
        print("corpora/events: not there (set TELETIPO_SHARED to the folder that holds corpora/)")
        return
    if language != "en":
        for name in ("es_events_dev", "es_fight"):
            rows = [row for row in read_lines(folder / f"corpora/events/{name}.jsonl") if row["date"]]
            drafts = code([_dated(r) for r in rows], stages, "es")
            gold_roots(name, rows, drafts)
            print_coverage(name, *missing(rows, drafts, "es", "action_text"), show)
    if language != "es":
        rows = read_lines(folder / "corpora/events/en_plv.train.jsonl")
        marked_sides(rows, code(rows, stages, "en"))


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    day = row["date"]
    return {"id": row["id"], "text": row["text"], "published_at": f"{day[:4]}-{day[4:6]}-{day[6:]}T12:00:00Z"}
