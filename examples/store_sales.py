"""Joins and aggregates sales: a benchmark that makes its data itself, DIRECTORY says where and ROWS how much of it.

The tables have the shape of TPC-DS: store_sales, with item and date_dim as its dimensions, and the columns that the
queries use. Every value follows from its row's number, so any number of executors makes the same data. Each query is
timed by what it takes to write its result; the exit code is 0 only if every sale is in the sums of each.
"""

import sys
import time
from collections.abc import Callable, Mapping

from pyspark.sql import Column, DataFrame, SparkSession, functions

ITEMS_EVERY_ROWS = 1_000
BRANDS, CATEGORIES = 500, 10
FIRST_DAY, DAYS = "2021-01-01", 1_826

Query = Callable[[Mapping[str, DataFrame]], DataFrame]


def drawn(salt: int, below: int) -> Column:
    """A number from 0 to below a limit, which looks random and follows from the row's number."""
    return functions.pmod(functions.xxhash64("id", functions.lit(salt)), functions.lit(below))


def tables(spark: SparkSession, rows: int) -> dict[str, DataFrame]:
    """The fact table and its dimensions."""
    items = max(rows // ITEMS_EVERY_ROWS, 10)
    days = functions.date_add(functions.to_date(functions.lit(FIRST_DAY)), functions.col("id").cast("int"))
    return {
        "item": spark.range(items).select(
            functions.col("id").alias("i_item_sk"),
            drawn(1, BRANDS).alias("i_brand_id"),
            functions.format_string("category %d", drawn(2, CATEGORIES)).alias("i_category"),
        ),
        "date_dim": spark.range(DAYS).select(
            functions.col("id").alias("d_date_sk"),
            days.alias("d_date"),
            functions.year(days).alias("d_year"),
            functions.month(days).alias("d_moy"),
        ),
        "store_sales": spark.range(rows).select(
            drawn(3, DAYS).alias("ss_sold_date_sk"),
            drawn(4, items).alias("ss_item_sk"),
            functions.col("id").alias("ss_ticket_number"),
            ((drawn(5, 100) + 1) * (drawn(6, 10_000) + 1) / 100).cast("decimal(12,2)").alias("ss_ext_sales_price"),
        ),
    }


def by_brand_and_month(found: Mapping[str, DataFrame]) -> DataFrame:
    """What each brand sold in each month: two joins with small tables, and a small result."""
    sales = found["store_sales"].join(found["item"], functions.expr("ss_item_sk = i_item_sk"))
    sales = sales.join(found["date_dim"], functions.expr("ss_sold_date_sk = d_date_sk"))
    return sales.groupBy("d_year", "d_moy", "i_brand_id").agg(summed())


def by_item_and_day(found: Mapping[str, DataFrame]) -> DataFrame:
    """What each item sold on each day: nearly as many groups as sales, so nearly all of them are shuffled."""
    return found["store_sales"].groupBy("ss_item_sk", "ss_sold_date_sk").agg(summed())


def by_rank_in_category(found: Mapping[str, DataFrame]) -> DataFrame:
    """Items by their rank within their category: a join, a shuffle by item and another one by category."""
    sold = found["store_sales"].groupBy("ss_item_sk").agg(summed())
    sold = sold.join(found["item"], functions.expr("ss_item_sk = i_item_sk"))
    return sold.withColumn("rank", functions.expr("rank() over (partition by i_category order by sold desc)"))


QUERIES: tuple[Query, ...] = (by_brand_and_month, by_item_and_day, by_rank_in_category)


def summed() -> Column:
    """All sales of a group."""
    return functions.sum("ss_ext_sales_price").alias("sold")


def total(frame: DataFrame, column: str) -> object:
    """The sum of a column."""
    return frame.agg(functions.sum(column)).collect()[0][0]


def main(directory: str, rows: str) -> None:
    """Make the data, run each query, and say how long each took."""
    spark = SparkSession.builder.getOrCreate()
    began = time.monotonic()
    for name, made in tables(spark, int(rows)).items():
        made.write.mode("overwrite").parquet(f"{directory}/{name}")
    print(f"made {rows} sales in {time.monotonic() - began:.1f} s", flush=True)
    found = {name: spark.read.parquet(f"{directory}/{name}") for name in ("item", "date_dim", "store_sales")}
    expected = total(found["store_sales"], "ss_ext_sales_price")
    wrong = []
    for query in QUERIES:
        began = time.monotonic()
        result = f"{directory}/{query.__name__}"
        query(found).write.mode("overwrite").parquet(result)
        print(f"query {query.__name__} took {time.monotonic() - began:.1f} s", flush=True)
        if total(spark.read.parquet(result), "sold") != expected:
            wrong.append(query.__name__)
    spark.stop()
    sys.exit(f"wrong sums: {', '.join(wrong)}" if wrong else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
