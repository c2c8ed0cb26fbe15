"""Everything at once: builds the program, installs the other engines beside it, writes the data, and compares.

    python3 benches/side-by-side/compare.py [--rows 20000000] [--runs 5] [--only parquet csv ...]

Needs what building the program needs, Python with `venv`, and a network, on Linux. All that it makes is in `target/bench`: the engines' virtual environment, the data, which
are written once, and `report.md`.
"""

import argparse
import datetime
import os
import pathlib
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BENCH = ROOT / "target" / "bench"
# What is written of each, and by how much fewer the rows are than asked for.
DATA = {
    "parquet": ("generate.py", [], 1),
    "csv": ("generate.py", ["--form", "csv"], 1),
    "flights": ("flights.py", [], 1),
    "flights-csv": ("flights.py", ["--form", "csv"], 1),
    "by-tenant": ("generate.py", ["--order", "tenant"], 2),
    "by-month": ("generate.py", ["--order", "month"], 2),
    "one-group": ("generate.py", ["--row-group", "100000000"], 2),
    "plain": ("generate.py", ["--form", "plain"], 2),
    "million-tenants": ("generate.py", ["--tenants", "1000000"], 2),
    "files": ("generate.py", ["--files", "10000"], 2),
}


def installed():
    """The Python that has the other engines."""
    python, done = BENCH / "venv" / "bin" / "python", BENCH / "venv" / "installed.txt"
    wanted = (HERE / "requirements.txt").read_text()
    if not done.exists() or done.read_text() != wanted:
        venv.create(BENCH / "venv", with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True)
        done.write_text(wanted)
    return python


def written(python, name, rows):
    """The file or folder of some data."""
    script, options, fewer = DATA[name]
    folder = BENCH / f"{name}-{rows}"
    if not folder.exists():
        making = folder.with_name(f"{folder.name}.part")
        subprocess.run([python, HERE / script, making, "--rows", str(rows // fewer), *options], check=True)
        making.rename(folder)
    return next(folder.glob("usage*"))


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, default=20_000_000, help="rows of each set of data (default: 20 million)")
    asked.add_argument("--runs", type=int, default=5, help="runs of each engine, in turn (default: 5)")
    asked.add_argument("--only", nargs="*", choices=DATA, default=list(DATA), help="these sets of data alone")
    asked = asked.parse_args()
    BENCH.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cargo", "build", "--release", "--locked", "--target-dir", ROOT / "target"], cwd=ROOT, check=True)
    python = installed()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    report = [f"# Side by side, {datetime.date.today()}\n\n2 threads on {os.cpu_count()} processors, {memory:.0f} GiB.\n"]
    for name in asked.only:
        path = written(python, name, asked.rows)
        command = [python, HERE / "run.py", path, "--runs", str(asked.runs), "--binary", ROOT / "target" / "release" / "pcs-rules"]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        report.append(f"## {name}\n\n{done.stdout}")
        print(report[-1], flush=True)
        (BENCH / "report.md").write_text("\n".join(report))


if __name__ == "__main__":
    sys.exit(main())
