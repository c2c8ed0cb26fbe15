"""Scores the first half, quarter and eighth of a Parquet file and all of it, and shows how time and memory grow: a table and a plot.

The parts are whole row groups, written beside the file once.
"""

import argparse
import pathlib
import statistics

import pyarrow.parquet

from run import HERE, run

PARTS = [8, 4, 2, 1]
WIDTH, HEIGHT, EDGE = 640, 320, 56


def parts(path):
    """The folders of the parts, each with its rows; the last is the folder of the whole file."""
    file = pyarrow.parquet.ParquetFile(path)
    groups = file.num_row_groups
    for part in PARTS:
        if part == 1:
            yield path.parent, file.metadata.num_rows
            continue
        taken = range(max(1, groups // part))
        rows = sum(file.metadata.row_group(group).num_rows for group in taken)
        folder = path.parent.parent / f"{path.parent.name}-{part}"
        if not (folder / path.name).exists():
            folder.mkdir(exist_ok=True)
            with pyarrow.parquet.ParquetWriter(folder / path.name, file.schema_arrow) as writer:
                for group in taken:
                    writer.write_table(file.read_row_group(group))
        yield folder, rows


def line(points, color):
    return f'<polyline fill="none" stroke="{color}" stroke-width="2" points="{" ".join(f"{x:.0f},{y:.0f}" for x, y in points)}"/>'


def plot(measured):
    """Seconds as a line, and peak memory as a dashed one, each from 0 to its greatest."""
    most = [max(row[at] for row in measured) for at in range(3)]

    def points(at):
        inner = WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE
        return [(EDGE + inner[0] * row[0] / most[0], HEIGHT - EDGE - inner[1] * row[at] / most[at]) for row in measured]

    seconds, memory = line(points(1), "#0b6bcb"), line(points(2), "#b4540a").replace("/>", ' stroke-dasharray="6 4"/>')
    marks = [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="#0b6bcb"/>' for x, y in points(1)]
    labels = [f'<text x="{x:.0f}" y="{HEIGHT - EDGE + 20}" text-anchor="middle">{row[0] / 1e6:.0f} M</text>'
              for row, (x, _) in zip(measured, points(1))]
    title = f"rows; seconds (line, to {most[1]:.1f}) and peak memory (dashed, to {most[2]:.0f} MiB)"
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<path d="M{EDGE} {EDGE}V{HEIGHT - EDGE}H{WIDTH - EDGE}" fill="none" stroke="#666"/>',
        seconds, memory, *marks, *labels, f'<text x="{EDGE}" y="{EDGE - 20}">{title}</text>', "</svg>", ""])


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("file", type=pathlib.Path)
    asked.add_argument("--binary", default="target/release/pcs-rules")
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--plot", type=pathlib.Path, help="where the plot is written, as SVG")
    asked = asked.parse_args()
    folders = list(parts(asked.file.resolve()))
    seen = [[] for _ in folders]
    for _ in range(asked.runs):
        for (folder, _), runs in zip(folders, seen):
            command = [asked.binary, "score", folder, "--rules", HERE / "rules", "--as-of", "2023-07-01", "--threads", "2", "--format", "jsonl"]
            runs.append(run(command)[:2])
    measured = []
    print("| rows | median s | s for each million | peak MiB |\n|---:|---:|---:|---:|")
    for (_, rows), runs in zip(folders, seen):
        if not runs:
            continue
        seconds, memory = statistics.median(run[0] for run in runs), max(run[1] for run in runs) / 1024
        measured.append((rows, seconds, memory))
        print(f"| {rows} | {seconds:.2f} | {seconds / rows * 1e6:.3f} | {memory:.0f} |")
    if asked.plot and measured:
        asked.plot.write_text(plot(measured))


if __name__ == "__main__":
    main()
