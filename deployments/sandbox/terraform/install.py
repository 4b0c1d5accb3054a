"""Makes Terraform find the sandbox's provider, and the machine find Terraform."""

from __future__ import annotations

import platform
import shlex
import shutil
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SOURCE = "gates.local/demo/sandbox"
VERSION = "1.0.0"
_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def install(directory: Path, tools: Path, sandbox_python: Path) -> dict[str, str]:
    """Lay out provider mirror and Terraform's settings in ``directory``; put ``terraform`` in ``tools`` where there is none.

    Returns what to add to a release's environment.
    """
    directory = directory.resolve()
    system = f"{platform.system().lower()}_{_MACHINES[platform.machine().lower()]}"
    mirror = directory / "providers"
    place = mirror / SOURCE / VERSION / system
    place.mkdir(parents=True, exist_ok=True)
    python = sandbox_python.absolute()
    home = f"GATES_SANDBOX_PROVIDER_HOME={shlex.quote(str(directory / 'provider-home'))}"
    first = f"export {home} PYTHONPATH={shlex.quote(str(ROOT))} PYTHONDONTWRITEBYTECODE=1"
    _write(place / f"terraform-provider-sandbox_v{VERSION}", first, python, HERE / "provider.py")
    tools.mkdir(parents=True, exist_ok=True)
    if shutil.which("terraform") is None:
        _write(tools / "terraform", "", python, HERE / "launcher.py")
    settings = directory / "terraform.rc"
    settings.write_text(_SETTINGS.replace("MIRROR", str(mirror)))
    return {"TF_CLI_CONFIG_FILE": str(settings), "CHECKPOINT_DISABLE": "1"}


_SETTINGS = """\
provider_installation {
  filesystem_mirror {
    path    = "MIRROR"
    include = ["gates.local/*/*"]
  }
  direct {
    exclude = ["gates.local/*/*"]
  }
}
"""


def _write(path: Path, first: str, python: Path, script: Path) -> None:
    path.write_text(f'#!/bin/sh\n{first}\nexec {shlex.quote(str(python))} {shlex.quote(str(script))} "$@"\n')
    path.chmod(0o755)
