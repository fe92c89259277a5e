"""The arrow: viz → experiments → model → agents → agents/rules; a file imports only to its right."""

import ast

LAYERS = {"agents.rules": 0, "agents": 1, "model": 2, "experiments": 3, "viz": 4}
MOVING = {"step", "run_for", "run_until", "run_model", "simulate"}


def layer(dotted: str) -> int | None:
    """Return the layer of a module, None where it is not ours."""
    return next((number for name, number in LAYERS.items() if f"{dotted}.".startswith(f"{name}.")), None)


def test_a_file_imports_only_what_lies_to_its_right(source):
    own = layer(source.path.removesuffix(".py").replace("/", "."))
    against = {name for name in source.imports if (other := layer(name)) is not None and other > own}
    assert not against, f"{source.path} imports against the arrow: {', '.join(sorted(against))}"


def test_a_file_is_imported_by_its_full_name(source):
    relative = {name for name in source.imports if name.startswith(".")}
    assert not relative, f"{source.path} imports by dots: {', '.join(sorted(relative))}"


def test_a_rule_knows_no_agent_and_no_mesa(rule_file):
    state = {name for name in rule_file.imports if layer(name) not in (None, 0) and name != "agents"}
    known = state | {name for name in rule_file.imports if name.split(".")[0] == "mesa"}
    assert not known, f"{rule_file.path} knows more than numbers: {', '.join(sorted(known))}"


def test_a_rule_draws_nothing(rule_file):
    drawing = {name for name in rule_file.imports if name.split(".")[-1] in ("draws", "random")}
    assert not drawing, f"{rule_file.path} draws: {', '.join(sorted(drawing))}"


def test_only_the_session_moves_the_economy(page_file):
    called = [node.func for node in ast.walk(page_file.tree) if isinstance(node, ast.Call)]
    moves = {f.attr for f in called if isinstance(f, ast.Attribute)} | {
        f.id for f in called if isinstance(f, ast.Name)
    }
    assert page_file.path == "viz/session.py" or not moves & MOVING, f"{page_file.path} moves the economy"
