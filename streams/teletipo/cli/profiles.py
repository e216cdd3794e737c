"""`teletipo profiles`: the agencies that are known, and whether a profile file is right."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def profiles() -> None:
    """List and check wire profiles: how an agency is recognised, its ids, kills, time zone, what may be passed on."""


@profiles.command("list")
def list_() -> None:
    """Show every profile: our own and those of TELETIPO_WIRES_PROFILES."""
    from teletipo.settings import load_settings
    from teletipo.wires.profiles import load

    shelf = load(tuple(load_settings().wires_profiles))
    for name, profile in sorted(shelf.by_name.items()):
        known_by = sorted({*profile.ids, *profile.hosts, *profile.formats})
        passed_on = "text passed on" if profile.publish_text else "text kept back"
        click.echo(f"{name:<12} {profile.title:<32} {profile.time_zone.key:<18} {passed_on:<15} {', '.join(known_by)}")


@profiles.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
def check(paths: tuple[Path, ...]) -> None:
    """Check profile files or folders PATH…; without any, those of TELETIPO_WIRES_PROFILES, else our own.

    The first fault is one line that names file and field, with exit status 2.
    """
    from teletipo.errors import SettingsError
    from teletipo.settings import load_settings
    from teletipo.wires.profiles import load, read_files

    given = paths or tuple(load_settings().wires_profiles)
    found = read_files(given) if given else list(load().by_name.values())
    if not found:
        raise SettingsError(f"no profile in {', '.join(map(str, given))}: a profile is a file NAME.toml")
    for profile in found:
        click.echo(f"ok {profile.name} ({profile.path})")
