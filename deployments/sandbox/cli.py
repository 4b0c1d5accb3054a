"""``gates sandbox``: bring the sandbox's world up and down, look at it, damage it and repair it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from . import damages as registry
from . import systems
from .damage import EditError
from .errors import WorldError
from .world import World

app = typer.Typer(help="A small world to release into and to damage.", no_args_is_help=True)

Directory = Annotated[Path, typer.Option(envvar="GATES_SANDBOX", help="Where the world lives.")]
PythonOption = Annotated[Path, typer.Option(envvar="GATES_SANDBOX_PYTHON", help="Python of the sandbox's own environment.")]
Name = Annotated[str, typer.Argument(help="Name of a damage; see: gates sandbox damages.")]

DIRECTORY = Path(".sandbox")
PYTHON = Path(".venv-sandbox/bin/python")


@contextmanager
def one_sentence() -> Iterator[None]:
    """Turn a user's mistake into one sentence and exit status 2."""
    try:
        yield
    except (WorldError, EditError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


@app.command()
def up(
    directory: Directory = DIRECTORY,
    python: PythonOption = PYTHON,
    deployed: Annotated[str | None, typer.Option(help="Version to deploy to every environment first.")] = None,
    system: Annotated[list[str] | None, typer.Option(help="A system to hold; may be given several times.")] = None,
) -> None:
    """Bring the world up, unless it is."""
    with one_sentence():
        world = World(directory, python)
        world.up(system or (), deployed)
        typer.echo(f"The sandbox is up at {world.environ()['AWS_ENDPOINT_URL']}; its files are in {directory}.")


@app.command()
def down(directory: Directory = DIRECTORY, python: PythonOption = PYTHON) -> None:
    """Stop the world's processes."""
    World(directory, python).down()
    typer.echo("The sandbox is down.")


@app.command()
def status(directory: Directory = DIRECTORY, python: PythonOption = PYTHON) -> None:
    """Show which processes run and which damages stand; exit status 1 when the world is not up."""
    world = World(directory, python)
    for name, runs in world.status().items():
        typer.echo(f"{name}: {'runs' if runs else 'does not run'}")
    for name in registry.standing(world):
        typer.echo(f"damaged: {name}")
    if not world.is_up():
        typer.echo(f"The world in {directory} is not up.")
        raise typer.Exit(1)


@app.command()
def env(directory: Directory = DIRECTORY, python: PythonOption = PYTHON) -> None:
    """Print the environment of a release process as shell commands: eval "$(gates sandbox env)"."""
    with one_sentence():
        world = World(directory, python)
        environ = world.environ()
        for name, value in environ.items():
            typer.echo(f"export {name}={shlex.quote(value)}")
        for name in sorted(world.withheld() & os.environ.keys()):
            typer.echo(f"unset {name}")


@app.command()
def reset(directory: Directory = DIRECTORY, python: PythonOption = PYTHON) -> None:
    """Empty the account and lay everything out afresh."""
    with one_sentence():
        World(directory, python).reset()
        typer.echo("The sandbox is as new.")


@app.command()
def notices(directory: Directory = DIRECTORY, python: PythonOption = PYTHON) -> None:
    """Show what was told to people: a page of the gateway stands in for Slack."""
    with one_sentence():
        for text in World(directory, python).gateway.notices():
            typer.echo(text)


@app.command()
def damages(directory: Directory = DIRECTORY, python: PythonOption = PYTHON) -> None:
    """List the damages there are: of the world's systems, or of every system where there is no world."""
    held = World(directory, python).held()
    for system in held or systems.all_of(systems.names()):
        typer.echo(f"{system.name}:" if len(held) != 1 else "", nl=len(held) != 1)
        for damage in system.damages:
            typer.echo(f"{damage.name:28}{damage.stage:8}{damage.description}")


@app.command("break")
def break_(name: Name, directory: Directory = DIRECTORY, python: PythonOption = PYTHON) -> None:
    """Damage the world in a named way."""
    with one_sentence():
        typer.echo(registry.break_(World(directory, python), name).description)


@app.command()
def repair(name: Name, directory: Directory = DIRECTORY, python: PythonOption = PYTHON) -> None:
    """Undo a damage."""
    with one_sentence():
        registry.repair(World(directory, python), name)
        typer.echo(f"Repaired: {name}.")
