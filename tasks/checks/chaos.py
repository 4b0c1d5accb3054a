"""Experiments with failures: made lately, and survived."""

from __future__ import annotations

from tasks.connect.files import Files
from tasks.core.answers import record
from tasks.core.judges import every, recent
from tasks.core.moments import moment
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown, worst


@check(remedy="chaos run <experiment>.json --journal-path <path>")
def experiments_passed(files: Files, *, paths: list[str], maximum_age_days: float = 90) -> Verdict:
    """Every experiment was carried out lately, and the system kept its steady state throughout.

    ``paths`` are journals of the Chaos Toolkit relative to the workspace, one for each scenario; ``maximum_age_days`` is how
    long ago it may have ended. Reads the files. A journal without a steady-state hypothesis proves nothing and is UNKNOWN.

    Example:
        check: chaos.experiments_passed
        with: {paths: [toombos/reports/database-failover.json]}

    """

    def survived(path: str) -> Verdict:
        journal = record(files.values(path), path)
        title = str(record(journal["experiment"], f"'experiment' of {path}")["title"])
        if journal["status"] != "completed":
            return failed(f"Experiment '{title}' ended {journal['status']}, wanted completed.")
        after = record(journal["steady_states"], f"'steady_states' of {path}").get("after")
        if not after:
            return unknown(f"Experiment '{title}' has no steady state that was looked at afterwards.")
        met = record(after, f"'after' of {path}")["steady_state_met"]
        if journal["deviated"] is not False or met is not True:
            return failed(f"In experiment '{title}' the system left its steady state.")
        fresh = recent(f"Experiment '{title}'", moment(journal["end"]), files.now, maximum_age_days * 24)
        return worst([passed(f"In experiment '{title}' the system kept its steady state."), fresh])

    return every("experiment", paths, survived)
