"""Settings: `TELETIPO_…` variables, a `teletipo.toml`, command line options. Secrets are never printed.

Every command builds `Settings` once with `load_settings()` and passes it on; nothing else reads the environment.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from teletipo.errors import SettingsError
from teletipo.settings_faults import misspelt, wrong_value

FILE = Path("teletipo.toml")
"""Read from the folder that a command is started in."""
Paths = Annotated[list[Path], NoDecode]


class Settings(BaseSettings):
    """All settings with their defaults; a variable is `TELETIPO_` and the upper-case field name."""

    model_config = SettingsConfigDict(env_prefix="TELETIPO_", env_ignore_empty=True, toml_file=FILE, extra="ignore")

    state_dir: Path | None = Field(None, description="Where the broker's data, caches and downloads lie.")

    kafka_bootstrap_servers: str | None = Field(
        None,
        description="host:port[,host:port]; unset: this checkout's broker.",
        json_schema_extra={"allowed": "host:port, or several with commas between, ports 1 to 65535"},
    )
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = None
    kafka_sasl_username: str | None = None
    kafka_sasl_password: SecretStr | None = None
    kafka_ssl_ca: Path | None = None
    kafka_ssl_certificate: Path | None = None
    kafka_ssl_key: Path | None = None
    kafka_ssl_key_password: SecretStr | None = None
    kafka_port: int | None = Field(None, ge=1024, le=65535, description="Port of the embedded broker; default: a free one.")
    java_home: Path | None = Field(None, description="A JDK to run the embedded broker on instead of the wheel's.")

    topic_prefix: str = Field(
        "", pattern=r"^[A-Za-z0-9._-]*$", json_schema_extra={"allowed": "letters, digits, full stops, hyphens and underscores"}
    )
    topic_partitions: int = Field(12, ge=1, le=1000)
    topic_replication: int = Field(1, ge=1, le=9)

    worker_pool: int | None = Field(None, ge=1, le=256, description="Enrichment processes; default: one a core.")
    worker_batch: int = Field(100, ge=1, le=10_000)
    worker_health_port: int = Field(8787, ge=0, le=65535)
    worker_health_host: str = "127.0.0.1"
    worker_session_seconds: float = Field(10.0, ge=1.0, le=300.0)
    worker_stall_seconds: float = Field(60.0, ge=5.0, le=3600.0, description="Inputs wait, none is delivered: /livez turns red.")

    state_expire_days: float = Field(90.0, gt=0)
    kill_expire_days: float = Field(400.0, gt=0)
    expire_seconds: float = Field(60.0, ge=1.0, description="How often a share of the state is looked through for idle items.")

    model_es: str | None = Field(None, description="A spaCy package or path instead of es_teletipo.")
    model_en: str | None = Field(None, description="A spaCy package or path instead of en_teletipo.")
    gazetteers: Paths = Field(default_factory=list, description="CSV tables of further entities.")
    boilerplate: Paths = Field(default_factory=list, description="TOML files made by `teletipo tails learn`.")
    wires_profiles: Paths = Field(default_factory=list, description="TOML files or folders of further wire profiles.")
    event_threshold: float = Field(0.6, ge=0, le=1, description="Events below this confidence are not published.")
    feed_allow_private: bool = Field(False, description="Let `feed poll` ask private, loopback and link-local addresses.")
    feed_http_token: SecretStr | None = Field(None, description="Bearer token of `feed http`.")
    feed_http_hmac_key: SecretStr | None = Field(None, description="Key of signed requests to `feed http`.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("kafka_bootstrap_servers")
    @classmethod
    def _addresses(cls, value: str | None) -> str | None:
        for address in (value or "").split(",") if value else ():
            host, _, port = address.strip().rpartition(":")
            if not host or not port.isdigit() or not 0 < int(port) < 65536:
                raise ValueError(f"{address.strip()!r} is not host:port")
        return value or None

    @field_validator("gazetteers", "boilerplate", "wires_profiles", mode="before")
    @classmethod
    def _paths(cls, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Options beat variables, variables beat the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def forget_secrets() -> None:
    """Take the secrets, once they are read, out of the environment that child processes inherit."""
    secret = {f"TELETIPO_{name.upper()}" for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    for variable in [name for name in os.environ if name.upper() in secret]:
        del os.environ[variable]


def load_settings(**options: Any) -> Settings:
    """Read all settings. Raises SettingsError with one line: which variable, what is wrong with it, what is allowed."""
    if complaint := misspelt(Settings.model_fields, FILE):
        raise SettingsError(complaint)
    try:
        return Settings(**{name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        raise SettingsError(wrong_value(error, Settings, FILE)) from None
    except (ValueError, OSError) as error:
        raise SettingsError(f"{FILE}: cannot be read ({' '.join(str(error).split())})") from None
