"""Wrong settings: one line that names the variable and says what is allowed, without a word of pydantic's."""

from __future__ import annotations

from pathlib import Path

import pytest
from teletipo.errors import SettingsError
from teletipo.settings import load_settings


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("KAFKA_PORT", "abc", "TELETIPO_KAFKA_PORT: 'abc' is wrong; allowed is a whole number from 1024 to 65535"),
        ("KAFKA_PORT", "70000", "TELETIPO_KAFKA_PORT: '70000' is wrong; allowed is a whole number from 1024 to 65535"),
        (
            "KAFKA_BOOTSTRAP_SERVERS",
            "kafka.example:99999",
            "TELETIPO_KAFKA_BOOTSTRAP_SERVERS: 'kafka.example:99999' is wrong; "
            "allowed is host:port, or several with commas between, ports 1 to 65535",
        ),
        (
            "KAFKA_SECURITY_PROTOCOL",
            "TLS",
            "TELETIPO_KAFKA_SECURITY_PROTOCOL: 'TLS' is wrong; allowed is one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL",
        ),
        (
            "KAFKA_SASL_MECHANISM",
            "GSSAPI",
            "TELETIPO_KAFKA_SASL_MECHANISM: 'GSSAPI' is wrong; allowed is one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512",
        ),
        (
            "EVENT_THRESHOLD",
            "0,5",
            "TELETIPO_EVENT_THRESHOLD: '0,5' is wrong; allowed is a number, with a decimal point, from 0 to 1",
        ),
        (
            "STATE_EXPIRE_DAYS",
            "0",
            "TELETIPO_STATE_EXPIRE_DAYS: '0' is wrong; allowed is a number, with a decimal point, above 0",
        ),
        ("FEED_ALLOW_PRIVATE", "maybe", "TELETIPO_FEED_ALLOW_PRIVATE: 'maybe' is wrong; allowed is true or false"),
        (
            "GAZETTEERS",
            "people.csv",
            "TELETIPO_GAZETTEERS: 'people.csv' is wrong; "
            'allowed is a list of paths in JSON, as in ["/data/one.csv", "/data/two.csv"]',
        ),
        (
            "TOPIC_PREFIX",
            "news desk",
            "TELETIPO_TOPIC_PREFIX: 'news desk' is wrong; allowed is letters, digits, full stops, hyphens and underscores",
        ),
        (
            "KAFKA_BOOTSTRAP_SERVER",
            "kafka.example:9092",
            "TELETIPO_KAFKA_BOOTSTRAP_SERVER: there is no such setting; did you mean TELETIPO_KAFKA_BOOTSTRAP_SERVERS?",
        ),
    ],
)
def test_a_wrong_variable_is_one_line(variable: str, value: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"TELETIPO_{variable}", value)
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert str(error.value) == line


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"kafka_port = 3\n", "teletipo.toml: kafka_port: '3' is wrong; allowed is a whole number from 1024 to 65535"),
        (b"kafka_prot = 9092\n", "teletipo.toml: kafka_prot: there is no such setting; did you mean kafka_port?"),
        (b"colour = 'red'\n", "teletipo.toml: colour: there is no such setting"),
        (b"kafka_port = [\n", "teletipo.toml: cannot be read (Invalid value (at end of document))"),
        (b"\xff\xfe", "teletipo.toml: cannot be read ('utf-8' codec can't decode byte 0xff in position 0: invalid start byte)"),
    ],
)
def test_a_wrong_file_is_one_line(content: bytes, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TELETIPO_KAFKA_PORT", raising=False)
    (tmp_path / "teletipo.toml").write_bytes(content)
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert str(error.value) == line


def test_a_variable_beats_the_file_and_is_the_one_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "teletipo.toml").write_text('topic_partitions = 3\ngazetteers = ["people.csv"]\n')
    assert load_settings().topic_partitions == 3
    assert load_settings().gazetteers == [Path("people.csv")]
    monkeypatch.setenv("TELETIPO_TOPIC_PARTITIONS", "5")
    monkeypatch.setenv("TELETIPO_GAZETTEERS", '["others.csv"]')
    assert load_settings().topic_partitions == 5
    assert load_settings().gazetteers == [Path("others.csv")]
    monkeypatch.setenv("TELETIPO_TOPIC_PARTITIONS", "none")
    with pytest.raises(SettingsError, match=r"^TELETIPO_TOPIC_PARTITIONS: 'none'"):
        load_settings()


def test_variables_that_are_empty_or_of_another_program_count_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELETIPO_STATE_DIR", "")
    monkeypatch.setenv("TELETIPO_KAFKA_PORT", "")
    monkeypatch.setenv("TELETIPO_SHARED", "/somewhere")
    settings = load_settings()
    assert settings.state_dir is None
    assert settings.kafka_port is None


def test_a_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "teletipo.toml").write_text("kafka_sasl_password = 812735\n")
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert str(error.value) == "teletipo.toml: kafka_sasl_password: allowed is text"
    monkeypatch.setenv("TELETIPO_KAFKA_SASL_PASSWORD", "hunter2-secret")
    monkeypatch.setenv("TELETIPO_KAFKA_PORT", "x")
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert "hunter2" not in str(error.value)
    monkeypatch.delenv("TELETIPO_KAFKA_PORT")
    assert "hunter2" not in repr(load_settings())
