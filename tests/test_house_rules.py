"""The house rules that a machine can check; STYLE.md says why each stands. Exceptions carry their reason."""

from __future__ import annotations

import ast
import itertools
import re
import tomllib

import pytest

from tests.sources import PACKAGE, ROOT, Module, files, functions, modules, name, product, with_suffix

AUDIENCES = {"desk", "portal", "widget", "api"}
# Who may touch a table without `visible_to`, because there is no viewer yet.
WITHOUT_VIEWER = {
    "src/zaguan/api/access.py": "answers kept for an Idempotency-Key belong to the agent whose token came with it",
    "src/zaguan/api/editions.py": "locks the row that was looked up for the viewer",
    "src/zaguan/api/reading.py": "looks up by key with SQL made once, and asks is_known_to before anything is shown",
}

FILE_RULE, FILE_LIMIT = 200, 400
CASES = "the cases of one feature, each short, read side by side"
TABLES = "the tables of one app, which refer to one another"
LONG_FILES = {
    "bin/assets.mjs": "one build, from sources to the manifest",
    "src/zaguan/api/contacts.py": "the endpoints of one noun",
    "src/zaguan/api/tests/test_types.py": CASES,
    "src/zaguan/api/links.py": "the endpoints of one noun",
    "src/zaguan/api/planning.py": "the endpoints of one noun",
    "src/zaguan/api/rules.py": "the endpoints of one noun",
    "src/zaguan/api/side_threads.py": "the endpoints of one noun",
    "src/zaguan/api/staff.py": "the endpoints of one noun",
    "src/zaguan/api/types.py": "the endpoints of one noun",
    "src/zaguan/api/tests/test_nothing_internal_leaves.py": "every way to write, side by side",
    "src/zaguan/conversations/events.py": "one event after the other",
    "src/zaguan/conversations/side_threads.py": "asking, writing on, closing: one thing and all that is done to it",
    "src/zaguan/desk/css/ticket-tabs.css": "the tabs of one panel, side by side",
    "src/zaguan/desk/settings/attributes.py": "one form for types, contacts and organisations",
    "src/zaguan/desk/ticket/attributes.py": "one panel: read, ask, save, undo",
    "src/zaguan/desk/ticket/panel.py": "the parts of one panel, drawn in the same way",
    "src/zaguan/lib/attributes/values.py": "one format after the other",
    "src/zaguan/tickets/attributes.py": "one value from what was typed to what is stored",
    "src/zaguan/tickets/tests/test_attributes.py": CASES,
    "tests/walk/scene.py": "one scene: everything that an address may name",
    "bench/tickets.py": "rows by the million: one function for each table, in the order in which they are filled",
    "src/zaguan/channels/email/fetching.py": "one mailbox from its first question to the stored bytes",
    "src/zaguan/channels/email/oauth.py": "one protocol, from consent to the renewed token",
    "src/zaguan/channels/email/parsing.py": "what a mail says, part by part, in one pass",
    "src/zaguan/channels/email/receiving_mail.py": "the one way from bytes to a message, step by step",
    "src/zaguan/conversations/receiving.py": "one transaction, step by step, in the order in which it happens",
    "src/zaguan/desk/css/ticketrow.css": "one row in all its states",
    "src/zaguan/desk/ts/list.ts": "one list: choosing, moving and loading share what is selected",
    "src/zaguan/desk/ts/palette.ts": "one dialog from opening to choice",
    "src/zaguan/people/models.py": TABLES,
    "src/zaguan/tickets/history_lines.py": "one sentence for each kind of change, side by side",
    "src/zaguan/automation/tests/test_macros.py": CASES,
    "src/zaguan/automation/tests/test_routing.py": CASES,
    "src/zaguan/channels/email/tests/test_fetching.py": CASES,
    "src/zaguan/channels/email/tests/test_oauth.py": CASES,
    "src/zaguan/channels/email/tests/test_receivers.py": CASES,
    "src/zaguan/channels/email/tests/test_receiving_mail.py": CASES,
    "src/zaguan/desk/ticket/new_ticket.py": "one form, field by field",
    "src/zaguan/tickets/models/ticket.py": "one table, its indexes and who may see it",
    "src/zaguan/conversations/tests/test_merging.py": CASES,
    "src/zaguan/conversations/tests/test_side_answers.py": CASES,
    "src/zaguan/conversations/tests/test_side_threads.py": CASES,
    "src/zaguan/conversations/tests/test_splitting.py": CASES,
    "src/zaguan/conversations/tests/test_receiving.py": CASES,
    "src/zaguan/conversations/tests/test_threading.py": CASES,
    "src/zaguan/desk/tests/test_macros_on_tickets.py": CASES,
    "src/zaguan/desk/tests/test_ticket_page.py": CASES,
    "src/zaguan/desk/tests/test_work.py": CASES,
    "src/zaguan/tickets/tests/test_activities.py": CASES,
    "src/zaguan/tickets/tests/test_time_spent.py": CASES,
    "src/zaguan/search/tests/test_finding.py": CASES,
    "src/zaguan/tickets/tests/test_listing.py": CASES,
    "tests/test_house_rules.py": "one rule after the other, with what each excuses beside it",
}
FUNCTION_RULE, FUNCTION_LIMIT = 20, 50
TEMPLATE_RULE, TEMPLATE_LIMIT = 60, 150
LONG_TEMPLATES = {
    "src/zaguan/ui/templates/ui/field.jinja": "one macro for each kind of input, side by side",
}

VAGUE = {"utils", "helpers", "helper", "service", "services", "manager", "managers", "core", "common", "misc"}
TEXTS = {
    ".py",
    ".ts",
    ".css",
    ".html",
    ".jinja",
    ".md",
    ".toml",
    ".json",
    ".txt",
    ".sh",
    ".mjs",
    ".yml",
    ".po",
    "",
}


def test_there_is_something_to_check() -> None:
    assert len(modules()) > 20


def test_audiences_fetch_only_what_the_viewer_may_see() -> None:
    wrong = []
    for module in product():
        if module.app in AUDIENCES and module.name not in WITHOUT_VIEWER:
            wrong += [f"{module.name}:{line}" for line in unscoped(module)]
    assert not wrong, "write Model.objects.visible_to(viewer) in: " + ", ".join(wrong)


def unscoped(module: Module) -> list[int]:
    """Lines where a table is reached by any way but `.objects.visible_to(…)`, or `.none()` for a form to be filled."""
    scoped = {
        id(node.value)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in {"visible_to", "none"}
    }
    doors = {"objects", "_default_manager", "_base_manager"}
    return [
        node.lineno
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in doors and id(node) not in scoped
    ]


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("Ticket.objects.visible_to(agent).open()", False),
        ("Ticket.objects.get(pk=1)", True),
        ("Ticket.objects.none()", False),
        ("Ticket._base_manager.visible_to(agent)", False),
        ("found = Ticket.objects", True),
    ],
)
def test_the_rule_itself(line: str, refused: bool) -> None:
    assert bool(unscoped(Module(PACKAGE / "desk" / "x.py", ast.parse(line)))) is refused


def test_files_are_short() -> None:
    sizes = {
        name(path): len(path.read_text().splitlines())
        for path in with_suffix(".py", ".ts", ".css", ".mjs")
        if "migrations" not in path.parts
    }
    never = [f"{path} ({size})" for path, size in sizes.items() if size > FILE_LIMIT]
    rule = [f"{path} ({size})" for path, size in sizes.items() if size > FILE_RULE and path not in LONG_FILES]
    assert not never, f"over {FILE_LIMIT} lines, never allowed: {never}"
    assert not rule, f"over {FILE_RULE} lines; cut by feature, or name the reason here: {rule}"


def test_functions_are_short() -> None:
    sizes = [(f"{m.name}:{line} {what}", size) for m in product() for what, line, size in functions(m)]
    never = [f"{place} ({size})" for place, size in sizes if size > FUNCTION_LIMIT]
    assert not never, f"functions over {FUNCTION_LIMIT} lines: {never}"
    longer = sorted(((size, place) for place, size in sizes if size > FUNCTION_RULE), reverse=True)
    assert len(longer) <= len(sizes) / 20, f"more than one in twenty is over {FUNCTION_RULE} lines: {longer}"


def test_templates_are_short() -> None:
    sizes = {
        name(path): len(path.read_text().splitlines())
        for path in with_suffix(".html", ".jinja")
        if "templates" in path.parts
    }
    never = [f"{path} ({size})" for path, size in sizes.items() if size > TEMPLATE_LIMIT]
    rule = [
        f"{path} ({size})"
        for path, size in sizes.items()
        if size > TEMPLATE_RULE and path not in LONG_TEMPLATES
    ]
    assert not never, f"templates over {TEMPLATE_LIMIT} lines: {never}"
    assert not rule, (
        f"templates over {TEMPLATE_RULE} lines; take a macro out, or name the reason here: {rule}"
    )


def test_exceptions_are_still_needed() -> None:
    kept = dict.fromkeys(LONG_FILES, FILE_RULE) | dict.fromkeys(LONG_TEMPLATES, TEMPLATE_RULE)
    gone = [path for path in [*kept, *WITHOUT_VIEWER] if not (ROOT / path).exists()]
    short = [path for path, rule in kept.items() if path not in gone and lines(path) <= rule]
    assert not gone + short, f"these exceptions can go: {gone + short}"


def lines(path: str) -> int:
    return len((ROOT / path).read_text().splitlines())


def test_every_module_says_what_it_is() -> None:
    silent = [
        m.name
        for m in modules()
        if m.tree.body and not ast.get_docstring(m.tree) and "migrations" not in m.name
    ]
    assert not silent, f"a module docstring of one line, please: {silent}"


def test_models_do_not_override_save() -> None:
    wrong = [
        f"{module.name}:{node.lineno} {owner.name}.{node.name}"
        for module in product()
        if "models" in module.path.stem or "models" in module.path.parts
        for owner in ast.walk(module.tree)
        if isinstance(owner, ast.ClassDef)
        for node in owner.body
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}
    ]
    assert not wrong, f"write a verb instead: {wrong}"


def test_no_model_signals() -> None:
    wrong = [
        f"{module.name}:{node.lineno}"
        for module in product()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module in {"django.dispatch", "django.db.models.signals"}
    ]
    assert not wrong, f"record an event and react to it instead: {wrong}"


def test_nothing_catches_everything_silently() -> None:
    wrong = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert not wrong, f"name what is caught: {wrong}"


def test_names_say_what_is_inside() -> None:
    vague = [
        name(path) for path in files() if PACKAGE in path.parents and VAGUE & {path.stem, path.parent.name}
    ]
    # A layer of our style sheets; it holds exactly that.
    vague = [path for path in vague if not path.endswith("css/utilities.css")]
    assert not vague, f"name these for a feature: {vague}"


def test_migrations_are_named_by_hand() -> None:
    wrong = [
        module.name for module in modules() if "migrations" in module.name and "_auto_" in module.path.name
    ]
    assert not wrong, f"name these for what they do: {wrong}"


def test_no_paths_of_a_machine() -> None:
    pattern = re.compile(r"(^|[^\w./-])/(work|farm|root|home/\w+)/", re.MULTILINE)
    wrong = [name(p) for p in files() if p.suffix in TEXTS and pattern.search(p.read_text(errors="replace"))]
    assert not wrong, f"paths of one machine stand in: {wrong}"


def test_lock_files_name_no_addresses() -> None:
    wrong = re.compile(
        r'"resolved":|https?://[^"\s]*\.(whl|tgz|tar\.gz)|^\s*-{1,2}(i|index-url|extra-index-url|find-links)\b'
    )
    found = []
    for path in [ROOT / "package-lock.json", *sorted((ROOT / "requirements").iterdir())]:
        found += [
            f"{name(path)}: {line.strip()}" for line in path.read_text().splitlines() if wrong.search(line)
        ]
    assert not found, f"write the locks again with bin/lock: {found[:5]}"


def test_every_dependency_has_a_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text().split("\n[project.scripts]")[0].splitlines()
    bare = [
        line.strip()
        for before, line in itertools.pairwise(text)
        if re.match(r'    "', line) and not before.strip().startswith("#")
    ]
    assert not bare, f"say above each what it is for: {bare}"


def test_every_dependency_is_used() -> None:
    modules_of = {
        "django-ninja": "ninja",
        "django-axes": "axes",
        "django-csp": "csp",
        "django-anymail": "anymail",
        "python-dateutil": "dateutil",
    }
    by_setup = {"babel"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [re.split(r"[^A-Za-z0-9-]", each)[0].lower() for each in project["dependencies"]]
    code = "\n".join(module.path.read_text() for module in product())
    idle = [
        package
        for package in wanted
        if package not in by_setup
        and not re.search(rf"\b(import|from) {modules_of.get(package, package.replace('-', '_'))}\b", code)
        and not re.search(rf"['\"]{modules_of.get(package, package)}\b", code)
    ]
    assert not idle, f"nothing uses these, so they can go: {idle}"


def test_changelog_tells_of_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest is not None
    assert newest[1] == version
