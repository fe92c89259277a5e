"""The command line: what may be typed, and which exit code follows.

Nothing heavy is imported here, so that `--help` answers at once; each command imports what it needs.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from experiments import cli_analysis
from experiments.errors import BadInput, Problem, nearest_name

DONE, SOMETHING_FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
LISTS = ("experiments", "parameters", "measures", "tasks")
PROBLEMS_SHOWN = 20
"""More problems of one input are only counted."""
COMMANDS = {
    "run": "experiments.commands:run_command",
    "sweep": "experiments.sweep_command:sweep_command",
    "replay": "experiments.replaying:replay_command",
    "list": "experiments.commands:list_command",
    "validate": "experiments.commands:validate_command",
    "intercepts": "experiments.commands:intercepts_command",
    "patterns": "experiments.patterns:patterns_command",
    "findings": "experiments.findings:findings_command",
    "liveness": "experiments.liveness_command:liveness_command",
    "dashboard": "experiments.dashboard:dashboard_command",
    **cli_analysis.COMMANDS,
}
"""Where each command is done, `module:function`; a module is imported when its command is given."""
TRACEBACK = "PROSUMING_TRACEBACK"
"""Environment variable: when set, an internal error shows where it happened."""


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are bad input like any other."""

    def error(self, message: str) -> NoReturn:
        """Raise `BadInput` in place of printing the usage."""
        raise BadInput(Problem(f"{message}; `{self.prog} --help` shows what there is"))


def parser() -> Parser:
    """Return the parser of all commands."""
    root = Parser(prog="python -m experiments", allow_abbrev=False, description=DESCRIPTION, epilog=EPILOG)
    root.add_argument("--version", action="store_true", help="print the version and exit")
    commands = root.add_subparsers(dest="command", metavar="COMMAND", title="commands", parser_class=Parser)
    _add_run(commands)
    _add_sweep(commands)
    _add_replay(commands)
    _add_list(commands)
    validate = _add(commands, "validate", "check an experiment file, name everything that is wrong with it")
    validate.add_argument("file", metavar="FILE", help="an experiment file, or a name of the catalogue")
    cli_analysis.add_commands(commands, _add)
    _add_intercepts(commands)
    _add_patterns(commands)
    _add_findings(commands)
    _add_liveness(commands)
    dashboard = _add(commands, "dashboard", "serve the interactive page, on this machine only by default")
    dashboard.add_argument("--port", metavar="N", help="port of the page (default 8765)")
    dashboard.add_argument("--host", metavar="H", help="address to listen on (default 127.0.0.1)")
    return root


DESCRIPTION = "Run experiments with an economy in which firms hand work to their customers."
EPILOG = (
    "exit codes: 0 all done, 1 finished but something failed, 2 bad input and nothing written, "
    "130 interrupted and what is finished stays"
)


def _add(commands: argparse._SubParsersAction[Parser], name: str, text: str) -> Parser:
    sentence = f"{text[0].upper()}{text[1:]}."
    return commands.add_parser(name, help=text, description=sentence, allow_abbrev=False)


def _add_run(commands: argparse._SubParsersAction[Parser]) -> None:
    run = _add(commands, "run", "run one design point of an experiment with all its replications")
    _add_experiment(run)


def _add_experiment(command: Parser) -> None:
    """Add the arguments of every command that runs an experiment."""
    command.add_argument(
        "experiment", metavar="NAME|FILE", help="a name that `list experiments` shows, or a file"
    )
    command.add_argument("--seed", metavar="N", help="seed of replication 0; replication r uses N + r")
    command.add_argument("--replications", metavar="N", help="number of runs that differ in their luck only")
    command.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="change a parameter, start, months, seed or replications; may be repeated",
    )
    command.add_argument("--threads", metavar="N", help="threads within a run; results do not depend on it")
    command.add_argument("--out", metavar="DIR", help="the results folder (default results/NAME-HASH8)")
    command.add_argument("--json", action="store_true", help="print one JSON object on standard output")


SWEEP_OPTIONS = {
    "--workers": ("N", "processes on this machine (default: one per core)"),
    "--scheduler": ("ADDRESS", "run on the Dask cluster of this scheduler, for example tcp://host:8786"),
    "--max-failures": ("N|P%", "stop when more runs than this have failed"),
    "--timeout": ("S", "seconds that one run may take"),
}
SWEEP_SWITCHES = {
    "--resume": "go on with a sweep that was begun; without one, this is an error",
    "--fail-fast": "stop at the first failed run",
    "--retry-failed": "run again what failed in an earlier session",
    "--dry-run": "time one run, forecast the others, write nothing",
}


def _add_sweep(commands: argparse._SubParsersAction[Parser]) -> None:
    sweep = _add(commands, "sweep", "run all design points of an experiment, each with its replications")
    _add_experiment(sweep)
    for option, (value, text) in SWEEP_OPTIONS.items():
        sweep.add_argument(option, metavar=value, help=text.replace("%", "%%"))
    for option, text in SWEEP_SWITCHES.items():
        sweep.add_argument(option, action="store_true", help=text)


def _add_replay(commands: argparse._SubParsersAction[Parser]) -> None:
    replay = _add(commands, "replay", "repeat one stored run and say whether it is the same, bit for bit")
    replay.add_argument("folder", metavar="DIR", help="a results folder")
    replay.add_argument("run_id", metavar="RUN_ID", help="a run's id, or the first letters of it")
    replay.add_argument("--json", action="store_true", help="print one JSON object on standard output")


def _add_list(commands: argparse._SubParsersAction[Parser]) -> None:
    lists = _add(commands, "list", "list experiments, parameters, measures or tasks")
    lists.add_argument("what", metavar="WHAT", nargs="?", help=", ".join(LISTS))
    lists.add_argument("--json", action="store_true", help="print one JSON array on standard output")


def _add_intercepts(commands: argparse._SubParsersAction[Parser]) -> None:
    text = "solve the catalogue's intercepts against its anchors and say how well"
    solving = _add(commands, "intercepts", text)
    solving.add_argument(
        "--seeds", metavar="N", help="number of seeds that are averaged, from 101 on (default 2)"
    )
    solving.add_argument("--rounds", metavar="N", help="rounds of simulating and correcting; 0 only measures")
    solving.add_argument("--consumers", metavar="N", help="size of the simulated population")
    solving.add_argument("--tasks", metavar="FILE", help="an own catalogue in place of the package's")
    solving.add_argument(
        "--out", metavar="FILE", help="write a copy of the catalogue with the solved intercepts"
    )
    solving.add_argument(
        "--into", metavar="NAME|FILE", help="solve under a choice of an experiment and write them into it"
    )
    solving.add_argument("--choice", metavar="LABEL", help="with --into: the choice of a labelled lever")
    solving.add_argument("--json", action="store_true", help="print one JSON object on standard output")


def _add_patterns(commands: argparse._SubParsersAction[Parser]) -> None:
    patterns = _add(commands, "patterns", "measure what the default economy must show, print the scorecard")
    patterns.add_argument("--file", metavar="FILE", help="own patterns in place of the package's")
    patterns.add_argument("--workers", metavar="N", help="processes; two by default")
    patterns.add_argument("--out", metavar="FILE", help="write the scorecard there too")
    patterns.add_argument("--json", action="store_true", help="print one JSON array on standard output")


def _add_findings(commands: argparse._SubParsersAction[Parser]) -> None:
    text = "run or reuse the experiments of the four questions and write what they carry"
    findings = _add(commands, "findings", text)
    findings.add_argument("--out", metavar="FILE", help="the page (default docs/FINDINGS.md)")
    findings.add_argument(
        "--results", metavar="DIR", help="folder of the results folders (default results/findings)"
    )
    findings.add_argument("--seed", metavar="N", help="seed of replication 0 of every experiment")
    findings.add_argument("--replications", metavar="N", help="runs per design point, for a rehearsal")
    findings.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="change a parameter of every experiment, for a rehearsal; may be repeated",
    )
    findings.add_argument("--workers", metavar="N", help="processes; one per core by default")
    findings.add_argument("--json", action="store_true", help="print one JSON object on standard output")


def _add_liveness(commands: argparse._SubParsersAction[Parser]) -> None:
    text = "move every parameter on common luck and see which measures move"
    liveness = _add(commands, "liveness", text)
    liveness.add_argument(
        "--only",
        metavar="NAME",
        nargs="+",
        action="extend",
        default=[],
        help="parameters, or groups such as consumer",
    )
    liveness.add_argument("--sample", metavar="N", help="number of parameters, spread evenly over all")
    liveness.add_argument(
        "--mechanisms", action="store_true", help="knock mechanisms out instead: what each is worth"
    )
    liveness.add_argument("--out", metavar="FILE", help="write a page (.md) on parameters and mechanisms")
    liveness.add_argument("--json", action="store_true", help="print one JSON array on standard output")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; no traceback reaches the user."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if sys.stdout is None:  # closed by the shell
        sys.stdout = io.StringIO()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a label is readable even where Greek letters are not
    try:
        code = dispatch(given)
        sys.stdout.flush()
    except BadInput as error:
        _complain(error)
        return BAD_INPUT
    except KeyboardInterrupt as interruption:
        print(str(interruption) or "interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # noqa: BLE001 - the last resort
        return _internal(error)
    return code


def dispatch(given: list[str]) -> int:
    """Parse the command line and call its command."""
    root = parser()
    _refuse_unknown_command(given, root)
    options, unknown = root.parse_known_args(given)
    if options.version:
        return _print_version()
    if unknown:
        raise BadInput(_unknown_argument(unknown[0], root, options.command))
    if options.command is None:
        root.print_help(sys.stderr)
        return BAD_INPUT
    from importlib import import_module

    module, _, function = COMMANDS[options.command].partition(":")
    return int(getattr(import_module(module), function)(options))


def _print_version() -> int:
    from experiments.provenance import software_version

    print(f"prosuming {software_version() or 'without installation'}")
    return DONE


def command_names(root: Parser) -> list[str]:
    """Return the commands that exist."""
    return [name for action in _subparsers(root) for name in action.choices]


def _subparsers(root: Parser) -> list[argparse._SubParsersAction[Parser]]:
    return [action for action in root._actions if isinstance(action, argparse._SubParsersAction)]


def _refuse_unknown_command(given: list[str], root: Parser) -> None:
    first = next((word for word in given if not word.startswith("-")), None)
    names = command_names(root)
    if first is not None and first not in names:
        expected = f"one of {', '.join(sorted(names))}"
        raise BadInput(Problem(f"unknown command '{first}'", expected, nearest=nearest_name(first, names)))


def _unknown_argument(word: str, root: Parser, command: str | None) -> Problem:
    chosen = _subparsers(root)[0].choices[command] if command else root
    options = [option for action in chosen._actions for option in action.option_strings]
    kind = "option" if word.startswith("-") else "argument"
    name = word.partition("=")[0]
    what = f"unknown {kind} '{name}'; `{chosen.prog} --help` shows what there is"
    return Problem(what, nearest=nearest_name(name, options))


def _complain(error: BadInput) -> None:
    problems = error.problems
    if len(problems) == 1:
        print(f"error: {problems[0]}", file=sys.stderr)
        return
    print(f"error: {len(problems):,} problems", file=sys.stderr)
    for problem in problems[:PROBLEMS_SHOWN]:
        print(f"  {problem}", file=sys.stderr)
    if len(problems) > PROBLEMS_SHOWN:
        print(f"  … and {len(problems) - PROBLEMS_SHOWN:,} more", file=sys.stderr)


def _internal(error: Exception) -> int:
    if os.environ.get(TRACEBACK):
        import traceback

        traceback.print_exception(error)
    said = " ".join(f"{type(error).__name__}: {error}".split())
    print(f"internal error: {said} (set {TRACEBACK}=1 to see where)", file=sys.stderr)
    return SOMETHING_FAILED
