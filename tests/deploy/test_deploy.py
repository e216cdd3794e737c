"""The deployment files: safe defaults, settings that exist, commands that exist."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from teletipo.cli import cli
from teletipo.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
CONTAINERFILE = (DEPLOY / "Containerfile").read_text("utf-8")
OURS = [name for name, service in COMPOSE["services"].items() if service["image"].startswith("teletipo")]
VARIABLES = {f"TELETIPO_{name.upper()}" for name in Settings.model_fields}


def test_images_are_pinned_and_name_their_registry() -> None:
    images = [*re.findall(r"^FROM (\S+)", CONTAINERFILE, re.M), COMPOSE["services"]["kafka"]["image"]]
    for image in images:
        assert re.fullmatch(r"[\w.-]+\.[a-z]+/[\w./-]+:\d[\w.-]*", image), image


def test_the_image_runs_as_a_numbered_user_and_says_whether_it_lives() -> None:
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", CONTAINERFILE, re.M)
    assert re.search(r"^HEALTHCHECK ", CONTAINERFILE, re.M)
    assert "ADD " not in CONTAINERFILE
    assert not re.search(r"apt-get|curl|wget|latest", CONTAINERFILE)


@pytest.mark.parametrize("name", OURS)
def test_our_services_are_read_only_and_without_privileges(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert set(service["environment"]) <= VARIABLES


@pytest.mark.parametrize("name", OURS)
def test_the_commands_of_our_services_exist(name: str) -> None:
    group: Any = cli
    for word in COMPOSE["services"][name]["command"]:
        if not hasattr(group, "get_command"):
            break
        group = group.get_command(None, word)
        assert group is not None, word


def test_kubernetes_names_settings_that_exist_and_runs_without_root() -> None:
    (worker,) = yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text("utf-8"))
    pod = worker["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert {entry["name"] for entry in container["env"]} <= VARIABLES


def test_compose_understands_the_file_where_it_is_installed() -> None:
    tool = shutil.which("docker")
    if tool is None or subprocess.run([tool, "compose", "version"], capture_output=True).returncode:
        assert set(COMPOSE["services"]) == {"kafka", "topics", "worker", "feeder"}
        return
    done = subprocess.run([tool, "compose", "-f", str(DEPLOY / "compose.yaml"), "config", "-q"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
