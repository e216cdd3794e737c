"""Units of bounded size, the copy of the state on disk, and the quiet log."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import orjson
from hypothesis import given
from hypothesis import strategies as st
from teletipo.broker.topics import HELD, STATE
from teletipo.records import RawItem
from teletipo.settings import Settings
from teletipo.worker.logs import JSONLine, OnceInAWhile
from teletipo.worker.pool import UNIT_ITEMS, UNIT_WORDS, cut, seconds_for
from teletipo.worker.store import Store, claim_folder
from teletipo.worker.units import Job

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def job(words: int) -> Job:
    return Job(RawItem("p", "1", body="x " * (words - 1)), 1, None, NOW)


@given(st.lists(st.integers(1, 20_000), max_size=80))
def test_every_job_is_in_one_unit_and_no_unit_is_too_large(sizes: list[int]) -> None:
    jobs = [job(words) for words in sizes]
    units = list(cut(jobs))
    assert [index for unit in units for index in unit] == list(range(len(jobs)))
    for unit in units:
        assert 1 <= len(unit) <= UNIT_ITEMS
        assert len(unit) == 1 or sum(jobs[index].words for index in unit) <= UNIT_WORDS


def test_the_time_limit_is_ten_seconds_and_a_millisecond_a_word() -> None:
    assert seconds_for([job(400)]) == 10.4
    assert seconds_for([job(400), job(600)]) == 21.0


def test_the_store_keeps_partitions_and_topics_apart(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    store.apply(STATE, 3, {b"a:1": b"x", b"a:2": b"y"}, 7)
    store.apply(HELD, 3, {b"a:1": b"held"}, 2)
    store.apply(STATE, 4, {b"a:1": b"z"}, 9)
    assert store.get(STATE, 3, b"a:1") == b"x"
    assert store.get(STATE, 4, b"a:1") == b"z"
    assert list(store.items(STATE, 3)) == [(b"a:1", b"x"), (b"a:2", b"y")]
    assert list(store.keys(HELD, 3)) == [b"a:1"]
    store.apply(STATE, 3, {b"a:1": None}, 8)
    assert (store.get(STATE, 3, b"a:1"), store.offset(STATE, 3)) == (None, 8)
    store.forget(STATE, 3)
    assert (list(store.keys(STATE, 3)), store.offset(STATE, 3)) == ([], 0)
    assert store.offset(HELD, 3) == 2


def test_the_store_comes_back_as_it_was_and_a_broken_one_is_made_again(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    store.apply(STATE, 0, {b"k:1": b"v"}, 5)
    store.close()
    again = Store(tmp_path / "store")
    assert (again.get(STATE, 0, b"k:1"), again.offset(STATE, 0)) == (b"v", 5)
    again.close()
    (tmp_path / "store" / "CURRENT").write_bytes(b"rubbish")
    broken = Store(tmp_path / "store")
    assert (broken.get(STATE, 0, b"k:1"), broken.offset(STATE, 0)) == (None, 0)


def test_workers_on_one_machine_have_folders_of_their_own(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path)
    first, lock = claim_folder(settings, "topic1")
    second, other = claim_folder(settings, "topic1")
    assert first != second
    lock.close()
    assert claim_folder(settings, "topic1")[0] == first
    other.close()


def test_the_copy_of_topics_that_were_made_again_is_dropped(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path)
    folder, lock = claim_folder(settings, "old")
    folder.mkdir()
    lock.close()
    fresh, other = claim_folder(settings, "new")
    assert not folder.exists()
    assert fresh != folder
    other.close()


def record(name: str, message: str) -> logging.LogRecord:
    return logging.LogRecord(name, logging.WARNING, "file", 1, message, (), None)


def test_a_client_librarys_repeats_are_counted_and_not_shown() -> None:
    quiet = OnceInAWhile()
    assert quiet.filter(record("aiokafka.conn", "Unable connect to node"))
    assert not any(quiet.filter(record("aiokafka.conn", "Unable connect to node")) for _ in range(100))
    assert all(quiet.filter(record("teletipo.worker", "the same fact")) for _ in range(3))


def test_a_log_line_is_one_json_object_whatever_is_in_it() -> None:
    line = JSONLine().format(record("teletipo.worker", "a\nb \ud800"))
    assert "\n" not in line
    assert orjson.loads(line)["message"] == "a b ?"
