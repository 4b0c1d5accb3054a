"""What applying a Terraform plan and taking it back have in common: a configuration that is planned, applied, destroyed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tasks.connect.terraform_plans import Request
from tasks.connect.terraform_runner import TerraformRunner
from tasks.core.errors import ActionError
from tasks.core.terraform import Planned, StateVersion, addresses, of_module, state_version, told


@dataclass(frozen=True)
class Configuration:
    """A folder in a workspace, with its variables; ``seconds`` limits each apply."""

    runner: TerraformRunner
    directory: str
    workspace: str
    request: Request
    seconds: float

    @property
    def version(self) -> StateVersion:
        """Which version of the state is current."""
        return state_version(self.runner.state(self.directory, self.workspace))

    @property
    def resources(self) -> list[str]:
        """The addresses of what the state holds now."""
        return addresses(self.runner.state(self.directory, self.workspace))

    def plan(self, request: Request | None = None) -> Planned:
        """A plan, saved."""
        return self.runner.plan(self.directory, self.workspace, request or self.request)

    def apply(self, request: Request | None = None) -> str:
        """Plan, apply, and see that nothing is left to do; what was done, in words; empty when there was nothing."""
        plan = self.plan(request)
        if plan.empty:
            return ""
        self.runner.apply(self.directory, self.workspace, plan.digest, self.seconds)
        rest = self.plan(request)
        if not rest.empty:
            raise ActionError(f"{self.directory} was applied, and yet there is {told(rest)}.")
        return told(plan)

    def destroy(self, *targets: str) -> None:
        """Destroy the targets; without any, everything."""
        self.apply(Request(self.request.var_files, self.request.variables, destroy=True, targets=targets))

    def destroy_module(self, module: str) -> str:
        """Destroy all that one module call made; what was done, in a sentence."""
        if not of_module(self.resources, module):
            return f"Module {module} of {self.directory} has no resources; nothing had to be destroyed."
        self.destroy(f"module.{module}")
        left = of_module(self.resources, module)
        if left:
            raise ActionError(f"Module {module} of {self.directory} still has {', '.join(left)}.")
        return f"Module {module} of {self.directory} was destroyed."

    def destroy_all(self) -> str:
        """Destroy what there is, where there was nothing before; what was done, in a sentence."""
        there = self.resources
        if not there:
            return f"{self.directory} had no resources before the release and has none now; nothing had to be undone."
        self.destroy()
        left = self.resources
        if left:
            raise ActionError(f"{self.directory} had no resources before the release and still has {', '.join(left)}.")
        return f"{self.directory} had no resources before the release; {len(there)} were destroyed."


def request(var_files: list[str] | None, variables: dict[str, str] | None) -> Request:
    """What a checklist's arguments ask for."""
    return Request(tuple(var_files or ()), dict(variables or {}))


def restore(ours: Configuration, before: Mapping[str, Any]) -> bool:
    """Push the state of before, unless the current one holds the same resources; what is new is destroyed first."""
    now, then = set(ours.resources), set(before["resources"])
    if now == then:
        return False
    if now - then:
        ours.destroy(*sorted(now - then))
    ours.runner.push_kept_state(ours.directory, before["kept"], ours.version)
    return True


def freed(ours: Configuration, *, here: bool) -> bool:
    """Whether no apply of the release runs and the lock is free, after freeing one that its ended apply left behind.

    ``here``: the apply was begun on this machine; only then can it be known that it ended.
    """
    runner = ours.runner
    if here and not runner.at_rest(ours.seconds):
        return False
    lock = runner.lock(ours.directory, ours.workspace, ours.request)
    if lock is None:
        return True
    if not here or not runner.left_by_us(lock):
        return False
    runner.unlock(ours.directory, ours.workspace, lock)
    return runner.lock(ours.directory, ours.workspace, ours.request) is None
