"""Writes billing lines as a distributor has them: seeded, so that everybody has the same bytes for the same version of pyarrow.

Partners and tenants follow a power law (few have most of the rows), a tenant is one partner's, amounts are skewed, one row in
a thousand is negative. Rows come in random order unless they are asked for in another.
"""

import argparse
import pathlib

import numpy
import pyarrow
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet

SERVICES = [
    "Virtual Machines", "Virtual Machines Licenses", "Azure App Service", "SQL Database", "Storage", "Azure Kubernetes Service",
    "Azure Cosmos DB", "Azure Functions", "Azure Data Factory", "Azure Databricks", "Bandwidth", "Azure Monitor",
]
OFFERS = ["Azure plan", "Enterprise Agreement", "Support", "Trial", "Benefit Program", "Internal"]
OFFER_SHARES = [0.62, 0.3, 0.03, 0.02, 0.02, 0.01]
ASSOCIATIONS = ["CSP Tier 1", "CSP Tier 2", "DPOR", "PAL", "None"]
ASSOCIATION_SHARES = [0.45, 0.2, 0.15, 0.15, 0.05]
MONTHS = [f"{year}-{month:02}" for year in (2021, 2022, 2023) for month in range(1, 13)][6:30]


def texts(names, codes):
    return pyarrow.DictionaryArray.from_arrays(pyarrow.array(codes.astype("int32")), pyarrow.array(names)).cast(pyarrow.string())


def ranked(random, count, rows, skew):
    """Numbers below `count`, the low ones more often."""
    return numpy.minimum((count * random.random(rows) ** skew).astype("int64"), count - 1)


def lines(random, rows, partners, tenants):
    tenant = ranked(random, tenants, rows, 2.0)
    # A tenant is one partner's, and large tenants are spread over all of them.
    partner = (tenant * 7919 + 13) % tenants % partners
    cents = numpy.rint(numpy.exp(random.normal(3.2, 1.6, rows)) * 100).astype("int64")
    cents = numpy.where(random.random(rows) < 0.001, -cents, cents)
    amounts = pyarrow.array(cents).cast(pyarrow.decimal128(38, 0))
    scaled = pyarrow.compute.multiply(amounts.cast(pyarrow.decimal128(18, 0)), pyarrow.scalar(1, pyarrow.decimal128(1, 0)))
    acr = pyarrow.compute.divide(scaled.cast(pyarrow.decimal128(20, 2)), pyarrow.scalar(100, pyarrow.decimal128(3, 0)))
    return pyarrow.table({
        "partner": texts([f"partner-{n:05}" for n in range(partners)], partner),
        "tenant": texts([f"{n:08x}-customer.example" for n in range(tenants)], tenant),
        "service": texts(SERVICES, ranked(random, len(SERVICES), rows, 1.5)),
        "offer": texts(OFFERS, random.choice(len(OFFERS), rows, p=OFFER_SHARES)),
        "association": texts(ASSOCIATIONS, random.choice(len(ASSOCIATIONS), rows, p=ASSOCIATION_SHARES)),
        "month": texts(MONTHS, random.integers(0, len(MONTHS), rows)),
        "acr": acr.cast(pyarrow.decimal128(18, 2)),
    })


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=pathlib.Path)
    asked.add_argument("--rows", type=int, default=20_000_000)
    asked.add_argument("--partners", type=int, default=1_000)
    asked.add_argument("--tenants", type=int, default=200_000)
    asked.add_argument("--form", choices=["parquet", "plain", "csv"], default="parquet")
    asked.add_argument("--order", choices=["random", "tenant", "month"], default="random")
    asked.add_argument("--row-group", type=int, default=1_000_000)
    asked.add_argument("--files", type=int, default=1, help="so many Parquet files of as many rows each in a folder `usage`")
    asked.add_argument("--seed", type=int, default=1)
    asked = asked.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    if asked.files > 1:
        (asked.folder / "usage").mkdir(exist_ok=True)
        whole = -(-asked.rows // asked.files)
        random = numpy.random.Generator(numpy.random.PCG64([asked.seed, 0]))
        table = lines(random, asked.rows, asked.partners, asked.tenants)
        for part in range(asked.files):
            pyarrow.parquet.write_table(table.slice(part * whole, whole), asked.folder / "usage" / f"{part:05}.parquet")
        return
    # One row group can be no larger than what is written at once.
    chunk = max(2_000_000, asked.row_group)
    ending = "csv" if asked.form == "csv" else "parquet"
    writer = None
    for part, first in enumerate(range(0, asked.rows, chunk)):
        random = numpy.random.Generator(numpy.random.PCG64([asked.seed, part]))
        table = lines(random, min(chunk, asked.rows - first), asked.partners, asked.tenants)
        if asked.order != "random":
            table = table.sort_by(asked.order)
        path = asked.folder / f"usage.{ending}"
        if writer is None and ending == "csv":
            writer = pyarrow.csv.CSVWriter(path, table.schema, write_options=pyarrow.csv.WriteOptions(quoting_style="needed"))
        elif writer is None:
            writer = pyarrow.parquet.ParquetWriter(path, table.schema, use_dictionary=asked.form != "plain")
        if ending == "csv":
            writer.write_table(table)
        else:
            writer.write_table(table, row_group_size=asked.row_group)
    if writer is not None:
        writer.close()


if __name__ == "__main__":
    main()
