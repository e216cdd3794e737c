"""What a feeder remembers."""

from pathlib import Path

from teletipo.feeds.ledger import Ledger, digest


def test_a_document_is_remembered_over_a_restart_by_its_bytes(tmp_path: Path) -> None:
    first = Ledger(tmp_path / "feeds" / "a.sqlite")
    first.take(digest(b"one"), "one.xml")
    first.set_note("etag", '"v1"')
    first.close()
    again = Ledger(tmp_path / "feeds" / "a.sqlite")
    assert again.has(digest(b"one"))
    assert not again.has(digest(b"two"))
    assert again.note("etag") == '"v1"'
    again.set_note("etag", None)
    assert again.note("etag") is None
    again.close()
