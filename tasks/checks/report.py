"""What people and tools collected, for a person to review: feedback, complaints, samples of content."""

from __future__ import annotations

from tasks.connect.api import Api
from tasks.connect.files import Files
from tasks.core.judges import at_least, at_most, recent
from tasks.core.registry import check
from tasks.core.rows import cell, counted, listed_rows, rows
from tasks.core.settings_files import at
from tasks.core.verdicts import Verdict, passed, unknown, worst


@check(remedy="Collect it, and put it where the item says.")
def collected(files: Files, *, path: str, minimum_rows: int = 1, maximum_age_days: float = 0, count_by: str = "") -> Verdict:
    """What is to be reviewed was collected: there are enough rows, and they are recent.

    ``path`` is a CSV file with a head line, or a JSON list, relative to the workspace; ``maximum_age_days`` is how old the file
    may be, 0: any age; ``count_by`` is a column whose values are counted in the summary, such as a rating. Reads the file.

    Example:
        check: report.collected
        with: {path: toombos/reports/feedback.csv, minimum_rows: 5, count_by: rating}

    """
    table = rows(files.text(path), path)
    verdicts = [at_least(f"Number of rows in {path}", len(table), minimum_rows)]
    if maximum_age_days:
        verdicts.append(recent(f"The last change of {path}", files.changed(path), files.now, maximum_age_days * 24))
    if count_by and table:
        verdicts.append(passed(f"{path} by {count_by}: {counted(table, count_by)}."))
    return worst(verdicts)


@check(remedy="Read the rows that the sentence counts, and mend what they tell of.")
def rows_at_most(files: Files, *, path: str, column: str, values: list[str], at_most_rows: int = 0) -> Verdict:
    """No more rows have one of the values than are accepted, such as complaints that are major.

    ``path`` is a CSV file with a head line, or a JSON list, relative to the workspace; ``column`` and ``values`` say which rows
    count, in large or small letters. A table without rows is UNKNOWN. Reads the file.

    Example:
        check: report.rows_at_most
        with: {path: toombos/reports/complaints.csv, column: severity, values: [major, critical]}

    """
    table = rows(files.text(path), path)
    if not table or not values:
        return unknown(f"{path} has {len(table)} rows and the item names {len(values)} values, so nothing could be judged.")
    wanted = {value.lower() for value in values}
    counting = [row for row in table if str(cell(row, column)).lower() in wanted]
    return at_most(
        f"Number of rows of {path} whose {column} is {' or '.join(values)}, of {len(table)},", len(counting), at_most_rows
    )


@check(remedy="curl -sS <url>")
def answered(
    api: Api, *, url: str, rows_at: str = "", minimum_rows: int = 1, count_by: str = "", key: str = "", scheme: str = "Bearer"
) -> Verdict:
    """A service tells what is to be reviewed: there are enough rows.

    ``url`` answers JSON; ``rows_at`` is the dotted name of the list in it, empty where the answer is the list; ``count_by`` is
    a field whose values are counted in the summary; ``key`` is a reference. Asks GET once.

    Example:
        check: report.answered
        with: {url: "https://feedback.example.com/api/entries", rows_at: entries, count_by: rating, key: "env:FEEDBACK_KEY"}

    """
    content = api.at(url, key, scheme).json("")
    table = listed_rows(at(content, rows_at) if rows_at else content, f"The answer of {url}")
    verdicts = [at_least(f"Number of rows that {url} answers", len(table), minimum_rows)]
    if count_by and table:
        verdicts.append(passed(f"{url} by {count_by}: {counted(table, count_by)}."))
    return worst(verdicts)
