"""Rules: programs in vSL against the same in Lua, what the tutorial's rules cost a mail, how long many rules take to load."""

import argparse
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from . import machine, process_tree
from .faults import BenchmarkFault
from .ports import free_ports
from .running import run
from .source import Load, send
from .vsmtp import Vsmtp

_ROOT = Path(__file__).resolve().parents[2]
_PROJECT = _ROOT / "benchmarks/Vsmtp.Benchmarks"
_RUNNER = _ROOT / "artifacts/Embedded/bin/Vsmtp.Benchmarks/release/Vsmtp.Benchmarks"
_PROGRAMS = _ROOT / "benchmarks/programs"
_ADDRESSES = 10_000

_TITLES = {
    "fibonacci": "fibonacci: 331 million calls",
    "strings": "texts out of 200 pieces, 500,000 times",
    "policy": "a policy of 190 lines over 18 headers, 1,200,000 times",
    "membership": "an address in a list of 10,000, 25,000,000 times",
}


def main() -> int:
    return run(_run, _arguments(), programs=("lua5.4", "smtp-source"))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="benchmarks/rules", formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        description="Runs each program of benchmarks/programs in vSL and in Lua in turn, then measures what the tutorial's postq costs a "
                    "mail of 10 KB, and how long 1,000 rules of 20 lines take to load.")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="of each program in each language")
    parser.add_argument("--only", choices=[*_TITLES, "mail", "load"], default=None)
    parser.add_argument("--mails", type=int, default=5_000, metavar="N", help="received to learn what one costs")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="where the programs and the store are; on a disk")
    return parser.parse_args()


def _run(arguments: argparse.Namespace, folder: Path) -> None:
    machine.refuse_memory(folder)
    built = subprocess.run(["dotnet", "build", _PROJECT, "-c", "Release", "-v", "quiet"], capture_output=True, text=True)
    if built.returncode != 0:
        raise BenchmarkFault(built.stdout)
    programs = folder / "programs"
    shutil.copytree(_PROGRAMS, programs)
    addresses = programs / "addresses.txt"
    addresses.write_text("".join(f"user{2 * i}@example.com\n" for i in range(_ADDRESSES)))
    (programs / "addresses.vsl").write_text(f'object vip file:address = "{addresses}";\n')
    lua = subprocess.run(["lua5.4", "-v"], capture_output=True, text=True).stdout.split("  ")[0]
    print(f"{machine.describe(folder)}\n{lua}, {arguments.runs} runs of each in turn, medians (least–most)\n", flush=True)
    wanted = [name for name in _TITLES if arguments.only in (None, name)]
    if wanted:
        print("| program | Lua, s | vSL, s | vSL : Lua |\n|---|---:|---:|---:|", flush=True)
    for name in wanted:
        print(_compare(name, programs, arguments.runs), flush=True)
    if arguments.only in (None, "mail"):
        print(f"\n{_mail(programs, folder, arguments.mails)}", flush=True)
    if arguments.only in (None, "load"):
        print(f"\n{_load(programs, arguments.runs)}", flush=True)


def _compare(name: str, programs: Path, runs: int) -> str:
    mail = programs / "mail.eml"
    given = programs / ("addresses.txt" if name == "membership" else "mail.eml")
    lua: list[float] = []
    vsl: list[float] = []
    for _ in range(runs):
        said = []
        for seconds, command in ((lua, ["lua5.4", programs / f"{name}.lua", given]), (vsl, [_RUNNER, "run", programs / f"{name}.vsl", mail])):
            elapsed, output = _time(command)
            seconds.append(elapsed)
            said.append(output)
        if len(set(said)) != 1:
            raise BenchmarkFault(f"{name}: Lua says {said[0]}, vSL {said[1]}")
    return f"| {_TITLES[name]} | {_spread(lua)} | {_spread(vsl)} | {median(vsl) / median(lua):.2f} |"


def _mail(programs: Path, folder: Path, mails: int) -> str:
    """CPU of the tutorial's postq, from its first rule to the end of its handler, against that of receiving one mail of 10 KB."""
    rules = float(_time([_RUNNER, "stage", _ROOT / "examples/clamav/main.vsl", programs / "mail.eml"])[1].split()[-1])
    own = folder / "receiving"
    own.mkdir()
    port, sink_port = free_ports(2)
    with _Keeper(own, port, sink_port) as server:
        load = Load(sessions=10, mails=mails, size=10_240, kept=False)
        send(load, port, time.monotonic() + 600)                # warms up
        before = process_tree.cpu_seconds(server.pid)
        send(load, port, time.monotonic() + 600)
        receiving = (process_tree.cpu_seconds(server.pid) - before) / mails * 1e6
    return (f"The tutorial's postq costs {rules:.1f} µs of CPU a mail, receiving a mail of 10 KB {receiving:.0f} µs: "
            f"{rules / receiving:.1%}")


def _load(programs: Path, runs: int) -> str:
    rule = "\n".join(["        rule \"rule {n}\" || {{", "            let score = 0;",
                      *(f"            if has_header(\"X-{{n}}-{i}\") {{{{ score += {i}; }}}}" for i in range(16)),
                      "            if score > 100 {{ deny() }} else {{ next() }}", "        }},"])
    main = programs / "thousand.vsl"
    main.write_text("#{\n    postq: [\n" + "\n".join(rule.format(n=n) for n in range(1_000)) + "\n    ],\n}\n")
    first, again = zip(*([float(word) for word in _time([_RUNNER, "load", main])[1].split()] for _ in range(runs)))
    return f"Loading 1,000 rules of 20 lines: {_spread(first)} s when a process starts, {_spread(again)} s at a reload"


class _Keeper(Vsmtp):
    """Takes mails and keeps them: what is measured is receiving alone."""

    def _prepare(self) -> list[str]:
        command = super()._prepare()
        self._configure([self.port], "", '#{ preq: [ rule "keep" || quarantine("kept") ] }\n')
        return command


def _time(command: list) -> tuple[float, str]:
    start = time.monotonic()
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode != 0:
        raise BenchmarkFault(f"{command[0]} {command[1]} ended with {ended.returncode}: {ended.stderr}")
    return time.monotonic() - start, ended.stdout.strip()


def _spread(values: Sequence[float]) -> str:
    return f"{median(values):.2f} ({min(values):.2f}–{max(values):.2f})"
