"""Scores one file, or a folder of Parquet files, with pcs-rules, DuckDB and Polars in turn, checks that all agree to the last cent, and writes a table.

Seconds of pcs-rules are those of the whole process; those of the others are of the query alone, without the start of Python.
"""

import argparse
import decimal
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


def run(command, environment=None):
    """Seconds, peak resident KiB, and what was printed."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=errors, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            sys.exit(f"{command} ended with {process.returncode}:\n{errors.read().decode()}")
        out.seek(0)
        return seconds, usage.ru_maxrss, out.read().decode()


def with_pcs_rules(binary, path):
    command = [binary, "score", path.parent, "--rules", HERE / "rules", "--as-of", "2023-07-01", "--threads", "2", "--format", "jsonl"]
    seconds, memory, text = run(command)
    results = {}
    for line in text.splitlines()[1:]:
        entity = json.loads(line)
        values = {metric["id"]: decimal.Decimal(metric["value"]) for metric in entity["areas"][0]["metrics"]}
        results[entity["id"]] = (values["customers"], values["growth"], values["services"])
    return seconds, memory, results


def with_engine(engine, path):
    environment = dict(os.environ, POLARS_MAX_THREADS="2")
    _, memory, text = run([sys.executable, HERE / "engines.py", engine, path], environment)
    first, *rows = text.splitlines()
    results = {}
    for row in rows:
        partner, *values = row.rsplit(" ", 3)
        results[partner] = tuple(decimal.Decimal(value) for value in values)
    return float(first), memory, results


def agree(ours, theirs):
    """Partners without an eligible row are in one list and not in the other, and come to nothing."""
    nothing = (0, 0, 0)
    return all(ours.get(partner, nothing) == theirs.get(partner, nothing) for partner in ours.keys() | theirs.keys())


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("file", type=pathlib.Path)
    asked.add_argument("--binary", default="target/release/pcs-rules")
    asked.add_argument("--runs", type=int, default=5)
    asked.add_argument("--engines", nargs="*", default=["duckdb", "polars"])
    asked = asked.parse_args()
    path = asked.file.resolve()
    seen = {name: [] for name in ["pcs-rules", *asked.engines]}
    for _ in range(asked.runs):
        seen["pcs-rules"].append(with_pcs_rules(asked.binary, path))
        for engine in asked.engines:
            seen[engine].append(with_engine(engine, path))
            if not agree(seen["pcs-rules"][-1][2], seen[engine][-1][2]):
                sys.exit(f"pcs-rules and {engine} do not agree")
    ours = statistics.median(seconds for seconds, _, _ in seen["pcs-rules"])
    size = sum(file.stat().st_size for file in (path.iterdir() if path.is_dir() else [path]))
    print(f"{path.name}, {size / 2**20:.0f} MiB, {len(seen['pcs-rules'][0][2])} partners, {asked.runs} runs in turn, "
          f"2 threads on {os.cpu_count()} processors; all agree to the last cent\n")
    print("| engine | median s | least s | peak MiB | pcs-rules against it |")
    print("|---|---:|---:|---:|---:|")
    for name, runs in seen.items():
        seconds = [seconds for seconds, _, _ in runs]
        median, peak = statistics.median(seconds), max(memory for _, memory, _ in runs) / 1024
        print(f"| {name} | {median:.2f} | {min(seconds):.2f} | {peak:.0f} | {ours / median:.2f} |")


if __name__ == "__main__":
    main()
