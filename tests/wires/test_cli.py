"""`teletipo read` and `teletipo profiles` as a user meets them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

FIXTURES = Path(__file__).parent / "fixtures"


def teletipo(*arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from teletipo.cli import main; main()", *arguments]
    return subprocess.run(command, input=data, capture_output=True, timeout=120, check=False)


def test_read_prints_a_line_for_each_item_and_one_for_each_refusal(tmp_path: Path) -> None:
    broken = tmp_path / "noticia.xml"
    broken.write_bytes((FIXTURES / "g2_main_section.xml").read_bytes()[:900])
    done = teletipo(
        "read", str(FIXTURES / "newsml1_two_items.xml"), str(broken), str(tmp_path / "none"), str(FIXTURES / "ritzau.xml")
    )
    records = [orjson.loads(line) for line in done.stdout.splitlines()]
    assert [record["item_id"] for record in records] == ["900000001", "900000002", "11111111-2222-3333-4444-555555555555"]
    assert done.returncode == 1
    complaints = done.stderr.decode().splitlines()
    assert len(complaints) == 2
    assert complaints[0].startswith(f"{broken}: not XML: ")
    assert complaints[1] == f"{tmp_path / 'none'}: cannot be opened: No such file or directory"


def test_read_from_standard_input_with_a_provider() -> None:
    story = b"<body><body.content><p>Text.</p></body.content></body>"
    document = b"<nitf><head><docdata><doc-id id-string='7'/></docdata></head>" + story + b"</nitf>"
    done = teletipo("read", "--provider", "bureau", "-", data=document)
    (record,) = [orjson.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, b"")
    assert (record["provider"], record["item_id"], record["body"], record["body_format"]) == ("bureau", "7", "Text.", "text")


def test_a_partly_broken_document_exits_0_and_names_what_was_lost() -> None:
    message = (
        '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet><newsItem/>'
        '<newsItem guid="urn:x:1"><contentMeta><headline>H</headline></contentMeta></newsItem></itemSet></newsMessage>'
    )
    done = teletipo("read", "-", data=message.encode())
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == b"-: lost: newsItem 1: newsItem with neither a guid nor a text\n"


def test_trace_goes_to_standard_error() -> None:
    done = teletipo("read", "--trace", str(FIXTURES / "nitf_story.xml"))
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1
    assert "/nitf/body/body.head/hedline/hl1" in done.stderr.decode()


def test_profiles_list_and_check(tmp_path: Path) -> None:
    listed = teletipo("profiles", "list")
    assert listed.returncode == 0
    assert any(line.startswith("efe ") and "Europe/Madrid" in line for line in listed.stdout.decode().splitlines())
    good, wrong = tmp_path / "good.toml", tmp_path / "wrong.toml"
    good.write_text('name = "bureau"\n')
    assert teletipo("profiles", "check", str(good)).stdout.decode() == f"ok bureau ({good})\n"
    wrong.write_text('name = "bureau"\ntime_zone = "Mars/North"\n')
    refused = teletipo("profiles", "check", str(wrong))
    assert refused.returncode == 2
    (line,) = refused.stderr.decode().splitlines()
    assert str(wrong) in line
    assert "Mars/North" in line


@pytest.mark.parametrize("command", ["read", "profiles"])
def test_help(command: str) -> None:
    assert teletipo(command, "--help").returncode == 0
