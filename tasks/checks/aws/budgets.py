"""AWS Budgets: a limit on what the account may cost, and somebody who hears when it is near."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.judges import every, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed

_READS = ("sts:GetCallerIdentity", "budgets:ViewBudget")


@check(permissions=_READS, remedy="aws budgets describe-budgets --account-id <account>")
def budgets_exist(aws: Aws, *, budgets: list[str]) -> Verdict:
    """Every budget exists, and has not been used up.

    Reads sts:GetCallerIdentity and budgets:DescribeBudget once a budget, by name.

    Example:
        check: aws.budgets.budgets_exist
        with: {budgets: [monthly-prod]}

    """

    def there(name: str) -> Verdict:
        seen = aws.budgets.describe_budget(AccountId=_account(aws), BudgetName=name)["Budget"]
        limit = seen.get("BudgetLimit", {})  # omitted where the budget plans each month apart
        spent = seen.get("CalculatedSpend", {}).get("ActualSpend", {})
        whole = f"{limit['Amount']} {limit['Unit']}" if limit else "its plan"
        told = f"Budget {name} has used {spent.get('Amount', 'nothing')} of {whole}"
        over = limit and spent and float(spent["Amount"]) > float(limit["Amount"])
        return failed(f"{told}.") if over else passed(f"{told}.")

    return every("budget", budgets, there)


@check(permissions=_READS, remedy="aws budgets create-notification --account-id <account> --budget-name <budget> …")
def alerts_configured(aws: Aws, *, budget: str, percent: float = 100) -> Verdict:
    """Somebody is told before the budget is used up.

    Costs that run away are noticed on the bill a month later otherwise.
    Reads budgets:DescribeNotificationsForBudget and DescribeSubscribersForNotification. ``percent`` is the highest
    threshold, in percent of the budget, at which somebody must be told.

    Example:
        check: aws.budgets.alerts_configured
        with: {budget: monthly-prod, percent: 80}

    """
    asked = {"AccountId": _account(aws), "BudgetName": budget}
    found = aws.budgets.describe_notifications_for_budget(**asked).get("Notifications", [])
    early = [each for each in found if each.get("ThresholdType", "PERCENTAGE") == "PERCENTAGE" and each["Threshold"] <= percent]
    if not early:
        return failed(f"Budget {budget} tells nobody at {percent:g} % or before; it has {len(found)} alerts.")
    heard = [address for each in early for address in _subscribers(aws, asked, each)]
    if not heard:
        return failed(f"The alerts of budget {budget} have no subscriber.")
    lowest = min(each["Threshold"] for each in early)
    return passed(f"Budget {budget} tells {listed(dict.fromkeys(heard))} from {lowest:g} % on.")


def _account(aws: Aws) -> str:
    return str(aws.sts.get_caller_identity()["Account"])


def _subscribers(aws: Aws, asked: dict[str, str], notification: Answer) -> list[str]:
    named = {name: notification[name] for name in ("NotificationType", "ComparisonOperator", "Threshold", "ThresholdType")}
    found = aws.budgets.describe_subscribers_for_notification(**asked, Notification=named).get("Subscribers", [])
    return [str(each["Address"]) for each in found]
