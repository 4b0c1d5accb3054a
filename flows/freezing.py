"""From a checklist's name and a request to a frozen plan."""

from dataclasses import replace

from checklists.binding import bind
from checklists.loader import find, load, names
from checklists.plan import Plan
from checklists.request import Request
from checklists.trigger_form import answers_for
from tasks.connect.settings import Settings


def freeze(checklist: str, request: Request) -> Plan:
    """The plan of a release. Raises ``DefinitionError`` with everything that is wrong and where."""
    folder = Settings.from_environment().checklists
    loaded = load(find(checklist, folder))
    return bind(loaded, replace(request, answers=answers_for(loaded.checklist, request.answers, names(folder))))
