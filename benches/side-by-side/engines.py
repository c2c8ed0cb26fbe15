"""The same three measures, written by hand for DuckDB and Polars. Prints the seconds of the query, then a line for each partner."""

import sys
import time

OFFERS = ["Support", "Internal", "Benefit Program", "Trial"]
ASSOCIATIONS = ["CSP Tier 1", "CSP Tier 2", "DPOR", "PAL"]
SERVICES = ["Virtual Machines", "Virtual Machines Licenses"]
NOW, THEN = ["2023-05", "2023-06"], ["2022-05", "2022-06"]
FIRST, LAST = "2022-07", "2023-06"


def with_duckdb(path):
    import duckdb

    def listed(names):
        return "(" + ", ".join(f"'{name}'" for name in names) + ")"

    connection = duckdb.connect()
    connection.execute("set threads = 2")
    types = "{'partner': 'VARCHAR', 'tenant': 'VARCHAR', 'service': 'VARCHAR', 'offer': 'VARCHAR', 'association': 'VARCHAR', 'month': 'VARCHAR', 'acr': 'DECIMAL(18, 2)'}"
    path = path if path.endswith((".csv", ".parquet")) else f"{path}/*.parquet"
    source = f"read_csv('{path}', header = true, columns = {types})" if path.endswith(".csv") else f"'{path}'"
    query = f"""
        with eligible as materialized (
            select partner, tenant, service, month, sum(acr) as acr from {source}
            where offer not in {listed(OFFERS)} and association in {listed(ASSOCIATIONS)}
              and (month between '{FIRST}' and '{LAST}' or month in {listed(THEN)})
            group by all),
        monthly as (select partner, tenant, month, sum(acr) as acr from eligible where month in {listed(NOW + THEN)} group by all),
        best as (select partner, tenant, max(acr) filter (month in {listed(NOW)}) as now, max(acr) filter (month in {listed(THEN)}) as past
                 from monthly group by all),
        customers as (select partner, count(*) filter (now >= 1000) - count(*) filter (past >= 1000) as customers from best group by all),
        growth as (select partner, coalesce(sum(acr) filter (month = '{LAST}'), 0) - coalesce(sum(acr) filter (month = '{THEN[1]}'), 0) as growth
                   from eligible group by all),
        used as (select partner, service, sum(acr) as acr from eligible
                 where service not in {listed(SERVICES)} and month between '{FIRST}' and '{LAST}' group by all),
        services as (select partner, count(*) filter (acr > 0) as services from used group by all)
        select partner, coalesce(customers, 0), growth, coalesce(services, 0)
        from growth left join customers using (partner) left join services using (partner) order by partner"""
    start = time.perf_counter()
    rows = connection.execute(query).fetchall()
    return time.perf_counter() - start, rows


def with_polars(path):
    import polars

    column = polars.col
    start = time.perf_counter()
    if path.endswith(".csv"):
        lines = polars.scan_csv(path, schema_overrides={"acr": polars.Decimal(18, 2)})
    else:
        lines = polars.scan_parquet(path if path.endswith(".parquet") else f"{path}/*.parquet")
    months = column("month").is_between(polars.lit(FIRST), polars.lit(LAST)) | column("month").is_in(THEN)
    eligible = lines.filter(~column("offer").is_in(OFFERS) & column("association").is_in(ASSOCIATIONS) & months)
    monthly = eligible.filter(column("month").is_in(NOW + THEN)).group_by("partner", "tenant", "month").agg(column("acr").sum())
    best = monthly.group_by("partner", "tenant").agg(
        now=column("acr").filter(column("month").is_in(NOW)).max(), past=column("acr").filter(column("month").is_in(THEN)).max())
    customers = best.group_by("partner").agg(
        customers=(column("now") >= 1000).sum().cast(polars.Int64) - (column("past") >= 1000).sum().cast(polars.Int64))
    growth = eligible.group_by("partner").agg(
        growth=column("acr").filter(column("month") == LAST).sum() - column("acr").filter(column("month") == THEN[1]).sum())
    used = eligible.filter(~column("service").is_in(SERVICES) & column("month").is_between(polars.lit(FIRST), polars.lit(LAST)))
    services = used.group_by("partner", "service").agg(column("acr").sum()).group_by("partner").agg(services=(column("acr") > 0).sum())
    joined = growth.join(customers, on="partner", how="left").join(services, on="partner", how="left").sort("partner")
    picked = joined.select("partner", column("customers").fill_null(0), "growth", column("services").fill_null(0))
    rows = picked.collect(engine="streaming").rows()
    return time.perf_counter() - start, rows


def main():
    engine, path = sys.argv[1:]
    seconds, rows = {"duckdb": with_duckdb, "polars": with_polars}[engine](path)
    print(seconds)
    for partner, customers, growth, services in rows:
        print(partner, int(customers), format(growth, ".2f"), int(services))


if __name__ == "__main__":
    main()
