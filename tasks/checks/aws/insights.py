"""CloudWatch Logs Insights: the questions that on-call asks are written down."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import only
from tasks.core.judges import every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed


@check(permissions=("logs:DescribeQueryDefinitions",), remedy="aws logs put-query-definition --name <query> --query-string …")
def queries_saved(aws: Aws, *, queries: list[str], contains: str = "") -> Verdict:
    """Every query is saved.

    At night nobody remembers how to write it.
    Reads logs:DescribeQueryDefinitions once a query. ``queries`` are names, with their folder; ``contains`` is a part of the
    text of each; empty accepts any.

    Example:
        check: aws.insights.queries_saved
        with: {queries: [workflow/errors-by-state]}

    """

    def saved(name: str) -> Verdict:
        found = aws.logs.describe_query_definitions(queryDefinitionNamePrefix=name)["queryDefinitions"]
        text = str(only("query", found, "name", name)["queryString"])
        return passed(f"Query {name} is saved.") if contains in text else failed(f"Query {name} does not contain '{contains}'.")

    return every("query", queries, saved)
