"""Every kind of mistake is told in one sentence at its line, marked `# <--` in the text."""

from pathlib import Path

import pytest

from tests.checklists.texts import HEAD, PHASE, mistakes, small

pytestmark = pytest.mark.usefixtures("rehearsal")

BLOCK = "title: D, sections: [{title: T, items: [{step: s, approve: {by: deployer}}]}]"
OK = "- {item: One, approve: {by: deployer}}\n"


def item(rest: str, title: str = "One") -> str:
    return f"- item: {title}\n" + "".join(f"  {line}\n" for line in rest.strip().splitlines())


ONE_MISTAKE = {
    "unknown key": (
        small(item("chek: x  # <--\napprove: {by: deployer}")),
        "The key `chek` is not known here; did you mean 'check'?",
    ),
    "unknown key at the top": (
        small(OK, "rolback: {}  # <--"),
        "The key `rolback` is not known here; did you mean 'rollback'?",
    ),
    "unknown key of an environment": (
        small(OK).replace("on_failure: ask}", "on_failure: ask, recheck: 5s}  # <--"),
        "The key `recheck` is not known here; did you mean 'recheck_for'?",
    ),
    "unknown key of an approval": (
        small(item("approve: {by: deployer, field: []}  # <--")),
        "The key `field` is not known here; did you mean 'fields'?",
    ),
    "unknown check": (
        small(item("check: rehearsal.prob  # <--")),
        "There is no check 'rehearsal.prob' in the catalogue; did you mean 'rehearsal.probe'?",
    ),
    "unknown action": (
        small(item("action: rehearsal.chang  # <--")),
        "There is no action 'rehearsal.chang' in the catalogue; did you mean 'rehearsal.change'?",
    ),
    "a check as an action": (
        small(item("action: rehearsal.probe  # <--")),
        "'rehearsal.probe' is a check, not an action; write it under `check:`.",
    ),
    "an action as a check": (
        small(item("check: rehearsal.change  # <--")),
        "'rehearsal.change' is an action, not a check; write it under `action:`.",
    ),
    "missing argument": (
        small(item("check: rehearsal.probe  # <--")),
        "The check rehearsal.probe needs the argument 'name': a text.",
    ),
    "surplus argument": (
        small(item("check: rehearsal.probe\nwith:\n  name: x\n  cuont: 2  # <--")),
        "The check rehearsal.probe has no argument 'cuont'; did you mean 'count'?",
    ),
    "number for a text": (
        small(item("check: rehearsal.probe\nwith: {name: 3.11}  # <--")),
        "The argument 'name' of rehearsal.probe wants a text, not 3.11; put it in quotes.",
    ),
    "text for a number": (
        small(item("check: rehearsal.probe\nwith: {name: x, count: '2'}  # <--")),
        "The argument 'count' of rehearsal.probe wants a whole number, not '2'.",
    ),
    "boolean for a number": (
        small(item("check: rehearsal.probe\nwith: {name: x, count: true}  # <--")),
        "The argument 'count' of rehearsal.probe wants a whole number, not true.",
    ),
    "text for a list": (
        small(item("check: rehearsal.probe\nwith: {name: x, many: y}  # <--")),
        "The argument 'many' of rehearsal.probe wants a list of texts, not 'y'; write it in brackets: [y].",
    ),
    "numbers in a list of texts": (
        small(item("check: rehearsal.probe\nwith: {name: x, many: [1]}  # <--")),
        "The argument 'many' of rehearsal.probe wants a list of texts, not [1].",
    ),
    "list for a mapping": (
        small(item("check: rehearsal.probe\nwith: {name: x, labels: [a]}  # <--")),
        "The argument 'labels' of rehearsal.probe wants a mapping of names to texts, not [\"a\"].",
    ),
    "none of the choices": (
        small(item("check: rehearsal.probe\nwith: {name: x, mode: slwo}  # <--")),
        "The argument 'mode' of rehearsal.probe wants one of quick or slow, not 'slwo'; did you mean 'slow'?",
    ),
    "argument of one of several checks": (
        small(
            item("checks:\n  - {check: rehearsal.probe, with: {name: x}}\n  - {check: rehearsal.probe, with: {name: 5}}  # <--")
        ),
        "The argument 'name' of rehearsal.probe wants a text, not 5; put it in quotes.",
    ),
    "undefined template variable": (
        small(item('check: rehearsal.probe\nwith: {name: "t-{{ sufix }}"}  # <--')),
        "The template names 'sufix', which is neither a parameter nor a value; did you mean 'suffix'?",
    ),
    "undefined variable in a key": (
        small(item('check: rehearsal.probe\nwith: {name: x, labels: {"{{ sufix }}": x}}  # <--')),
        "The template names 'sufix', which is neither a parameter nor a value; did you mean 'suffix'?",
    ),
    "value that one environment lacks": (
        small(item('check: rehearsal.probe\nwith: {name: "{{ zone }}"}  # <--')),
        "The template names 'zone', which has no value in production; add it to `values:` there.",
    ),
    "template that is none": (
        small(item('check: rehearsal.probe\nwith: {name: "{{ suffix"}  # <--')),
        "`{{ suffix` is not a template: unexpected end of template, expected 'end of print statement'.",
    ),
    "unknown filter": (
        small(item('check: rehearsal.probe\nwith: {name: "{{ suffix | shout }}"}  # <--')),
        "`{{ suffix | shout }}` is not a template: No filter named 'shout'.",
    ),
    "template that reads another": (
        small(item("check: rehearsal.probe\nwith: {name: \"{% include '/etc/passwd' %}\"}  # <--")),
        "`{% include '/etc/passwd' %}` reads another template; write it out.",
    ),
    "fact that nobody captures": (
        small(item('check: rehearsal.probe\nwith: {name: "{{ captured.arn }}"}  # <--')),
        "No item captures 'arn'.",
    ),
    "fact that is captured only later": (
        small(
            item('check: rehearsal.probe\nwith: {name: "{{ captured.arn }}"}  # <--')
            + item("check: rehearsal.probe\nwith: {name: x}\ncapture: {arn: Arn}", "Two")
        ),
        "'arn' is captured only by a later item; move that item up, or this one down.",
    ),
    "fact of the item itself": (
        small(item('check: rehearsal.probe\nwith: {name: "{{ captured.arn }}"}  # <--\ncapture: {arn: Arn}')),
        "'arn' is captured only by a later item; move that item up, or this one down.",
    ),
    "captured without a name": (
        small(item('check: rehearsal.probe\nwith: {name: "{{ captured }}"}  # <--')),
        "`{{ captured }}` must say which captured fact it means: captured.<name>.",
    ),
    "capture without facts": (
        small(item("approve: {by: deployer}\ncapture: {arn: Arn}  # <--")),
        "Only a check or an action has facts to capture, and there is neither.",
    ),
    "the same words twice in a section": (
        small(OK + "- {item: one, approve: {by: deployer}}  # <--"),
        "This item has the same ID 'tables/one' as 'One'; give one of them an `id:` of its own.",
    ),
    "the same id twice": (
        small("- {item: One, id: a, approve: {by: deployer}}\n- {item: Two, id: a, approve: {by: deployer}}  # <--"),
        "This item has the same ID 'a' as 'One'; give one of them an `id:` of its own.",
    ),
    "nothing decides": (
        small("- item: One  # <--"),
        "Nothing decides 'One'; give it a check, an action, `approve:` or children under `items:`.",
    ),
    "item and step": (
        small("- {item: One, step: Two, approve: {by: deployer}}  # <--"),
        "Write either `item:` (a line of the document) or `step:` (what has no box), not both and not neither.",
    ),
    "neither item nor step": (
        small("- {approve: {by: deployer}}  # <--"),
        "Write either `item:` (a line of the document) or `step:` (what has no box), not both and not neither.",
    ),
    "with of nothing": (
        small(item("with: {name: x}  # <--\napprove: {by: deployer}")),
        "`with:` belongs to `check:` or `action:`, and there is neither.",
    ),
    "review without a check": (
        small(item("approve: {by: deployer, review: true}  # <--")),
        "A review needs at least one check that collects evidence for the person.",
    ),
    "unknown role": (
        small(item("approve: {by: deploier}  # <--")),
        "There is no role 'deploier' under `roles:`; did you mean 'deployer'?",
    ),
    "unknown role that waives": (
        small(OK).replace("waive_by: manager", "waive_by: manger  # <--"),
        "There is no role 'manger' under `roles:`; did you mean 'manager'?",
    ),
    "unknown role that decides on the rollback": (
        small(OK, "rollback: {decide_by: manger}  # <--"),
        "There is no role 'manger' under `roles:`; did you mean 'manager'?",
    ),
    "unknown environment": (
        small(item("environments: [prod]  # <--\napprove: {by: deployer}")),
        "There is no environment 'prod'; did you mean 'production'?",
    ),
    "condition that is none": (
        small(item('when: environment = "production"  # <--\napprove: {by: deployer}')),
        '`environment = "production"` is not a condition; write one such as environment == "production".',
    ),
    "condition with a call": (
        small(item("when: open('x')  # <--\napprove: {by: deployer}")),
        "`open('x')` is not allowed in the condition `open('x')`; use names, texts, ==, in, and, or, not, outcome.",
    ),
    "unknown name in a condition": (
        small(item("when: refesh  # <--\napprove: {by: deployer}")),
        "The condition names 'refesh', which is neither a parameter nor a value; did you mean 'refresh'?",
    ),
    "unknown name in a section's condition, told once": (
        small(OK + "- {item: Two, approve: {by: deployer}}").replace(
            "- title: Tables", "- title: Tables\n        when: refesh  # <--"
        ),
        "The condition names 'refesh', which is neither a parameter nor a value; did you mean 'refresh'?",
    ),
    "outcome of an item that is not there": (
        small(OK + item("when: outcome(\"tables/on\") == 'PASSED'  # <--\napprove: {by: deployer}", "Two")),
        "The condition names the item 'tables/on', which does not exist; did you mean 'tables/one'?",
    ),
    "outcome of a later item": (
        small(item("when: outcome(\"tables/two\") == 'PASSED'  # <--\napprove: {by: deployer}") + OK.replace("One", "Two")),
        "The condition asks for the outcome of 'tables/two', which is decided only later.",
    ),
    "outcome that never comes": (
        small(OK + item("when: outcome(\"tables/one\") == 'passed'  # <--\napprove: {by: deployer}", "Two")),
        "No outcome is ever 'passed'; did you mean 'PASSED'?",
    ),
    "bad duration": (
        small(OK).replace("on_failure: ask}", "hold_expires: 3 days}  # <--"),
        "`hold_expires`: '3 days' is no duration; write a whole number and a unit, such as 90s, 15m, 24h, 7d or 4w.",
    ),
    "unknown kind of phase": (
        small(OK).replace("phase: deploy", "phase: depoly  # <--"),
        "`phase` is 'depoly', not one of bootstrap, secrets, deploy, validate or monitor; did you mean 'deploy'?",
    ),
    "no phases": (HEAD + "phases: []  # <--", "`phases` is empty; it needs at least one entry."),
    "empty section": (HEAD + PHASE.replace("items:", "items: []  # <--"), "`items` is empty; it needs at least one entry."),
    "items left empty": (HEAD + PHASE.replace("items:", "items:  # <--"), "`items` wants a list, not null."),
    "text without quotes": (
        small("- {step: 3.11, approve: {by: deployer}}  # <--"),
        "`step` wants a text, not 3.11; put it in quotes.",
    ),
    "default of another type": (
        small(OK).replace("region: {default: us-east-1}", "region: {default: 1}  # <--"),
        "The default of 'region' wants a text, not 1.",
    ),
    "default that is no choice": (
        small(OK).replace("{default: us-east-1}", "{type: choice, choices: [eu, us], default: EU}  # <--"),
        "The default of 'region' wants one of eu or us, not 'EU'; did you mean 'eu'?",
    ),
    "default against the pattern": (
        small(OK).replace("{default: us-east-1}", "{pattern: '[a-z]+', default: us-east-1}  # <--"),
        "The default of 'region' is 'us-east-1', which does not match the pattern [a-z]+.",
    ),
    "default below the minimum": (
        small(OK).replace("{default: us-east-1}", "{type: integer, minimum: 2, default: 1}  # <--"),
        "The default of 'region' is 1; at least 2 is allowed.",
    ),
    "number without a default": (
        small(OK).replace("{default: us-east-1}", "{type: integer}  # <--"),
        "The parameter 'region' needs a `default:`, or `required: true`.",
    ),
    "choice without choices": (
        small(OK).replace("{default: us-east-1}", "{type: choice, required: true}  # <--"),
        "The parameter 'region' is a choice without `choices:`.",
    ),
    "pattern that is none": (
        small(OK).replace("{default: us-east-1}", "{pattern: '[a-'}  # <--"),
        "`[a-` is not a regular expression: unterminated character set at position 0.",
    ),
    "parameter of a reserved name": (
        small(OK).replace("region: {default: us-east-1}", "version: {}  # <--"),
        "The name 'version' has a meaning of its own in templates; choose another.",
    ),
    "value with a template": (
        small(OK).replace("{suffix: prod, sizes: [3]}}", "{suffix: prod, sizes: ['{{ region }}']}}  # <--"),
        "The value 'sizes' is itself never rendered; write it without a template.",
    ),
    "value that is a parameter too": (
        small(OK).replace("suffix: prod,", "region: x, suffix: prod,").replace("sizes: [3]}}", "sizes: [3]}}  # <--"),
        "'region' is a parameter too; choose another name for one of them.",
    ),
    "workspace outside": (small(OK, "workspace: ../x  # <--"), "The workspace '../x' must be a folder below GATES_WORKSPACES."),
    "block that repeats without end": (
        small(
            OK,
            f"post_deployment:\n  - {{id: d, after: 1h, every: 1h, on_failure: notify, {BLOCK}}}  # <--",
        ),
        "The block 'd' needs both `every:` and `until:` to repeat, or neither.",
    ),
    "block that offers a rollback to nobody": (
        small(
            OK,
            f"post_deployment:\n  - {{id: d, after: 1h, {BLOCK}}}  # <--",
        ),
        "Nobody may decide on the rollback that 'd' offers; name a role in `decide_by:`.",
    ),
    "name that is not the file's": (
        small(OK).replace("checklist: small", "checklist: smal  # <--"),
        "The checklist calls itself 'smal' but its file is small.yaml; make both the same.",
    ),
    "missing key": ((HEAD + PHASE).replace("title: Small\n", "") + " " * 10 + OK, "The key `title` is missing."),
    "tab": (small(OK) + "\tx: 1  # <--", "A tab stands where YAML wants spaces; indent with spaces."),
    "key twice": (small(OK, "waive_by: manager  # <--"), "The key 'waive_by' is written twice; keep one."),
    "alias without an anchor": (
        small(item("check: rehearsal.probe\nwith: *nothing  # <--")),
        "This is not YAML: found undefined alias 'nothing'; define it above with an `&` anchor.",
    ),
    "YAML tag": (
        small(item("check: rehearsal.probe\nwith: {name: !!python/object:os.system x}  # <--")),
        "YAML tags (`!…`) are not used in a checklist; write the value plainly.",
    ),
    "number as a key": (
        small(item("check: rehearsal.probe\nwith: {name: x, 1: 2}  # <--")),
        "The key 1 is not text; put it in quotes.",
    ),
    "infinite number": (
        small(item("check: rehearsal.probe\nwith: {name: x, ratio: .inf}  # <--")),
        "inf is not a number that a check can use; put it in quotes if it is text.",
    ),
    "not a mapping": (
        "- a list  # <--",
        "A checklist is a mapping of keys such as `checklist:`, `environments:` and `phases:`; this is none.",
    ),
}


@pytest.mark.parametrize(("text", "sentence"), ONE_MISTAKE.values(), ids=ONE_MISTAKE)
def test_one_mistake_is_told_at_its_line(tmp_path: Path, text: str, sentence: str) -> None:
    line = next((number for number, each in enumerate(text.splitlines(), 1) if "# <--" in each), 1)

    assert [f"{tmp_path}/small.yaml:{line}: {sentence}"] == [str(each) for each in mistakes(tmp_path, text)]


def test_mistakes_of_shape_and_of_meaning_are_told_together_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = small(
        item("approve: {by: deploier}")
        + item("chek: x\napprove: {by: deployer}", "Two")
        + item("check: rehearsal.probe\nwith: {name: 5}", "Three"),
        "waive_for: 5",
    ).replace("on_failure: ask", "on_failure: sigh")

    told = [each.message.split()[0:4] for each in mistakes(tmp_path, text)]

    assert told == [
        ["`on_failure`", "is", "'sigh',", "not"],
        ["There", "is", "no", "role"],
        ["The", "key", "`chek`", "is"],
        ["The", "argument", "'name'", "of"],
        ["The", "key", "`waive_for`", "is"],
    ]
