import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tasks import evaluation
from tasks.connect.session import Release, Session
from tasks.connect.settings import Settings
from tasks.connect.terraform_progress import processes
from tasks.core.errors import Absent, ActionError
from tasks.core.registry import catalogue
from tasks.core.sample import Sample
from tasks.core.verdicts import Status
from tests.tasks.configurations import FOLDER, configuration, terraform
from tests.tasks.world import write

pytestmark = pytest.mark.sandbox

APPLY, INITIALISE, REVIEWED = (catalogue()[f"terraform.{name}"] for name in ("apply_plan", "initialise", "plan_reviewed"))
SLOW = '  provisioner "local-exec" {\n    command = "sleep 20"\n  }\n'


def resource(name: str, value: str, more: str = "") -> str:
    return f'resource "terraform_data" "{name}" {{\n  input = "{value}"\n{more}}}\n'


@dataclass
class Site:
    """Two folders with one state: ``infra``, which is released, and ``previous``, the version before."""

    root: Path
    session: Session
    arguments: dict[str, Any] = field(default_factory=lambda: {"directory": FOLDER})

    def configure(self, text: str, directory: str = FOLDER) -> None:
        backend = f'terraform {{\n  backend "local" {{\n    path = "{self.root}/shared.tfstate"\n  }}\n}}\n'
        write(self.root / "workspaces" / directory, {"main.tf": backend + text})
        evaluation.perform(INITIALISE, {"directory": directory}, self.session)

    def deploy(self, text: str) -> None:
        """An earlier release, whose configuration stays as ``previous``."""
        self.configure(text, "previous")
        terraform(self.root / "workspaces" / "previous", "apply", "-auto-approve")

    def review(self) -> str:
        judgement = evaluation.judge(REVIEWED, {"directory": FOLDER}, self.session, Sample())
        assert judgement.verdict.status is Status.PASSED, judgement.verdict.summary
        return judgement.verdict.facts["digest"]

    def begin(self, **arguments: Any) -> Mapping[str, Any]:
        """Review, and note what the record notes."""
        self.arguments |= {"digest": self.review(), **arguments}
        noted = evaluation.before(APPLY, self.arguments, self.session)
        return dict(json.loads(json.dumps(noted)))

    def apply(self) -> str:
        return evaluation.perform(APPLY, self.arguments, self.session).summary

    def undo(self, noted: Mapping[str, Any]) -> str:
        return evaluation.undo(APPLY, self.arguments, self.session, noted).summary

    def settled(self, noted: Mapping[str, Any]) -> str:
        return evaluation.settle(APPLY, self.arguments, self.session, noted)

    def values(self) -> dict[str, str]:
        """What the state says of each resource."""
        found = json.loads(terraform(self.root / "workspaces" / FOLDER, "show", "-json")).get("values", {})
        module = found.get("root_module", {})
        modules = [module, *module.get("child_modules", [])]
        return {each["address"]: each["values"]["input"] for part in modules for each in part.get("resources", [])}

    @property
    def log(self) -> Path:
        return self.root / "terraform-plans" / "release-7" / f"{self.arguments['digest']}.log"

    def apply_elsewhere(self) -> subprocess.Popen[bytes]:
        """Apply in a process of its own, and return when it has begun with a resource."""
        told = json.dumps({"root": str(self.root), "arguments": self.arguments})
        process = subprocess.Popen([sys.executable, "-c", ELSEWHERE, told], cwd=Path(__file__).parents[3])
        until = time.monotonic() + 30
        while not (self.log.exists() and "apply_start" in self.log.read_text()):
            assert time.monotonic() < until
            assert process.poll() is None
            time.sleep(0.05)
        return process

    def terraform_process(self) -> int:
        for process in Path("/proc").iterdir():
            if process.name.isdigit() and f"{self.arguments['digest']}.tfplan".encode() in (process / "cmdline").read_bytes():
                return int(process.name)
        raise AssertionError("terraform does not run")


ELSEWHERE = """
import json, sys
from pathlib import Path
from tasks import evaluation
from tests.tasks.actions.test_terraform import APPLY, session_at
told = json.loads(sys.argv[1])
evaluation.perform(APPLY, told["arguments"], session_at(Path(told["root"])))
"""


def session_at(root: Path) -> Session:
    places = (root / "records", root, root / "workspaces", root)
    return Session(Settings(*places, notices_webhook=""), release=Release(id="release-7"))


@pytest.fixture
def site() -> Iterator[Site]:
    with configuration({}) as place:
        root = place.settings["workspaces"].parent
        yield Site(root, session_at(root))


def test_applies_the_reviewed_plan_and_tells_the_outputs(site: Site) -> None:
    site.configure(resource("a", "x") + 'output "url" {\n  value = "https://api.test"\n}\n')
    site.begin()

    done = evaluation.perform(APPLY, site.arguments, site.session)

    assert site.values() == {"terraform_data.a": "x"}
    assert "1 to add (terraform_data.a)" in done.summary
    assert done.facts == {"url": "https://api.test"}


def test_initialising_once_more_does_no_harm_and_leaves_nothing_to_undo(site: Site) -> None:
    site.configure(resource("a", "x"))
    site.begin()
    site.apply()
    folder = {"directory": FOLDER}

    assert evaluation.settle(INITIALISE, folder, site.session, {}) == "not done"

    evaluation.perform(INITIALISE, folder, site.session)
    undone = evaluation.undo(INITIALISE, folder, site.session, {})

    assert site.values() == {"terraform_data.a": "x"}
    assert undone.summary == f"terraform init in {FOLDER} leaves nothing that must be undone."


def test_what_was_not_reviewed_is_not_applied(site: Site) -> None:
    site.configure(resource("a", "x"))
    site.begin()
    site.configure(resource("a", "sneaked in"))

    with pytest.raises(ActionError, match="yet there is 1 to change"):
        site.apply()

    assert site.values() == {"terraform_data.a": "x"}


def test_the_same_plan_has_the_same_digest_and_another_has_another(site: Site) -> None:
    site.configure(resource("a", "x"))
    first, second = site.review(), site.review()
    site.configure(resource("a", "y"))
    third = site.review()

    assert first == second
    assert third != first


def test_a_plan_that_the_state_has_overtaken_is_stale(site: Site) -> None:
    site.deploy(resource("a", "x"))
    site.configure(resource("a", "y"))
    site.arguments["digest"] = site.review()
    terraform(site.root / "workspaces" / "previous", "apply", "-auto-approve", "-replace=terraform_data.a")

    with pytest.raises(ActionError, match=r"is stale: it is for state 1 of .*, and now there is \d of"):
        evaluation.before(APPLY, site.arguments | {"previous_directory": "previous"}, site.session)


def test_a_saved_plan_that_was_exchanged_is_refused(site: Site) -> None:
    site.configure(resource("a", "x"))
    reviewed = site.review()
    site.configure(resource("a", "y"))
    other = site.review()
    kept = site.root / "terraform-plans" / "release-7"
    (kept / f"{other}.tfplan").replace(kept / f"{reviewed}.tfplan")

    with pytest.raises(ActionError, match="reviewed was"):
        evaluation.before(APPLY, site.arguments | {"digest": reviewed}, site.session)


@pytest.mark.parametrize(
    ("digest", "error", "says"),
    [("a" * 64, Absent, "is not in"), ("../../../etc", Exception, "is no plan's digest")],
    ids=["not kept here", "no digest"],
)
def test_a_plan_that_is_not_there_is_not_begun(site: Site, digest: str, error: type[Exception], says: str) -> None:
    site.configure(resource("a", "x"))

    with pytest.raises(error, match=says):
        evaluation.before(APPLY, {"directory": FOLDER, "digest": digest}, site.session)


def test_what_nobody_could_take_back_is_not_begun(site: Site) -> None:
    site.deploy(resource("a", "x"))
    site.configure(resource("a", "y"))

    with pytest.raises(ActionError, match="nothing says how to go back"):
        site.begin()


def test_undo_applies_the_configuration_of_before_and_may_be_called_twice(site: Site) -> None:
    site.deploy(resource("a", "x"))
    site.configure(resource("a", "y") + resource("b", "new"))
    noted = site.begin(previous_directory="previous")
    site.apply()
    said = [site.undo(noted) for _ in range(2)]

    assert site.values() == {"terraform_data.a": "x"}
    assert "1 to destroy (terraform_data.b), 1 to change (terraform_data.a)" in said[0]
    assert said[1] == "All is as previous says; nothing had to be applied."


def test_undo_pushes_the_state_of_before_and_leaves_nothing_new_behind(site: Site) -> None:
    site.deploy(resource("a", "x"))
    site.configure(resource("b", "new"))
    noted = site.begin(previous_directory="previous", restore_state=True)
    site.apply()
    said = [site.undo(noted) for _ in range(2)]

    assert site.values() == {"terraform_data.a": "x"}
    assert said[0].startswith("Pushed the state of before, 1. ")
    assert said[1] == "All is as previous says; nothing had to be applied."


def test_undo_destroys_the_named_module_only(site: Site) -> None:
    write(site.root / "workspaces" / FOLDER / "cache", {"main.tf": resource("c", "x")})
    site.deploy(resource("a", "x"))
    site.configure(resource("a", "x") + 'module "cache" {\n  source = "./cache"\n}\n')
    noted = site.begin(destroy_module="cache")
    site.apply()
    before = site.values()
    said = [site.undo(noted) for _ in range(2)]

    assert before == {"terraform_data.a": "x", "module.cache.terraform_data.c": "x"}
    assert site.values() == {"terraform_data.a": "x"}
    assert said == [
        "Module cache of infra was destroyed.",
        "Module cache of infra has no resources; nothing had to be destroyed.",
    ]


def test_undo_of_a_first_deployment_destroys_everything(site: Site) -> None:
    site.configure(resource("a", "x") + resource("b", "x"))
    noted = site.begin()
    site.apply()
    said = [site.undo(noted) for _ in range(2)]

    assert site.values() == {}
    assert said == [
        "infra had no resources before the release; 2 were destroyed.",
        "infra had no resources before the release and has none now; nothing had to be undone.",
    ]


def test_undo_refuses_a_previous_configuration_of_another_state(site: Site) -> None:
    site.deploy(resource("a", "x"))
    site.configure(resource("a", "y"))
    noted = site.begin(previous_directory="previous")
    site.apply()
    main = site.root / "workspaces" / "previous" / "main.tf"
    main.write_text(main.read_text().replace("shared.tfstate", "other.tfstate"))

    with pytest.raises(ActionError, match="has another state"):
        site.undo(noted)


def test_an_apply_that_fails_halfway_says_so_and_can_be_undone(site: Site) -> None:
    breaks = '  provisioner "local-exec" {\n    command = "exit 3"\n  }\n'
    site.configure(resource("a", "x") + resource("b", "x", "  depends_on = [terraform_data.a]\n" + breaks))
    noted = site.begin()
    with pytest.raises(ActionError, match="local-exec provisioner error"):
        site.apply()
    settled = site.settled(noted)
    site.undo(noted)

    assert settled == "unknown"
    assert site.values() == {}


def test_an_apply_that_takes_too_long_is_interrupted(site: Site) -> None:
    site.configure(resource("a", "x", SLOW))
    noted = site.begin(timeout_minutes=0)

    with pytest.raises(ActionError, match="had not ended after 0 s"):
        site.apply()
    assert site.settled(noted) in ("not done", "unknown")


def test_settled_before_anything_began(site: Site) -> None:
    site.configure(resource("a", "x"))
    noted = site.begin()

    assert site.settled(noted) == "not done"


def test_settled_after_it_was_done(site: Site) -> None:
    site.configure(resource("a", "x"))
    noted = site.begin()
    site.apply()

    assert site.settled(noted) == "done"


def test_another_machine_cannot_tell_that_nothing_began(site: Site) -> None:
    site.configure(resource("a", "x"))
    noted = site.begin()

    assert site.settled({**noted, "host": "worker-9"}) == "unknown"


def test_terraform_goes_on_when_our_process_is_killed_and_settled_waits_for_it(site: Site) -> None:
    site.configure(resource("a", "x", SLOW.replace("20", "2")))
    noted = site.begin()
    ours = site.apply_elsewhere()
    ours.send_signal(signal.SIGKILL)
    ours.wait()

    assert site.settled(noted) == "done"
    assert site.values() == {"terraform_data.a": "x"}


def test_nobody_knows_what_became_of_a_terraform_that_was_killed(site: Site) -> None:
    site.configure(resource("a", "x", SLOW))
    noted = site.begin()
    ours = site.apply_elsewhere()
    ours.send_signal(signal.SIGKILL)
    ours.wait()
    os.kill(site.terraform_process(), signal.SIGKILL)

    assert site.settled(noted) == "unknown"
    assert processes("GATES_TERRAFORM_PLAN=", "GATES_RELEASE=release-7\0") == []
