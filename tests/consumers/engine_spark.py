"""PySpark on two cores: `engine_spark.py PIZHU WORK`, after engine_duckdb.py.

Section trees by rdd.pipe and by mapInPandas with the Python package, held against those of one
process; annotations by tag and year held against DuckDB's; the cost beside that of a process a
speech. The start of Spark is not counted.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pizhu as package
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

pizhu, work = sys.argv[1], Path(sys.argv[2])
# The workers run in the environment that this runs in.
os.environ["PYSPARK_PYTHON"] = sys.executable
options = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
spark = SparkSession.builder.master("local[2]").config(map=options).getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
lines = spark.sparkContext.textFile(str(work / "data"))
count = lines.count()


def row(name, seconds, speeches=None):
    print(f"{name:20} {seconds:7.2f} s  {1000 * seconds / (speeches or count):7.2f} ms a speech")


# One process a partition; each works on one core, because Spark runs one a core.
command = f"{pizhu} outline --input jsonl --format jsonl --state none --jobs 1"
start = time.perf_counter()
piped = lines.pipe(command, checkCode=True).collect()
pipe_time = time.perf_counter() - start
row("rdd.pipe", pipe_time)
expected = (work / "outlines.jsonl").read_text("utf-8").splitlines()
assert sorted(piped) == sorted(expected), "rdd.pipe gives what one process gives, byte for byte"

COLUMNS = "document string, path string, parent string, kind string, marker string, title string, restored string, level long, number long, start long, end long, heading_start long, heading_end long, confidence double"


def sections(frames):
    for frame in frames:
        yield package.sections(frame["text"], frame["id"]).to_pandas()


speeches = spark.read.json(str(work / "data"))
start = time.perf_counter()
mapped = speeches.select("id", "text").mapInPandas(sections, COLUMNS).toPandas()
row("mapInPandas", time.perf_counter() - start)
want = sorted((r["id"], r["path"], r["start"], r["end"], r["title"]) for r in map(json.loads, expected))
names = ["document", "path", "start", "end", "title"]
assert sorted(map(tuple, mapped[names].itertuples(index=False))) == want, "mapInPandas gives the same sections"

# A process a speech, on two cores as Spark's tasks would start them.
sample = lines.take(200)


def alone(part):
    for line in part:
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
            file.write(json.loads(line)["text"])
            file.flush()
            yield subprocess.run([pizhu, "outline", "--format", "json", file.name], capture_output=True, check=True).stdout


distributed = spark.sparkContext.parallelize(sample, 2)
start = time.perf_counter()
assert distributed.mapPartitions(alone).count() == len(sample)
alone_time = time.perf_counter() - start
row("a process a speech", alone_time, len(sample))
ratio = (alone_time / len(sample)) / (pipe_time / count)
print(f"rdd.pipe is {ratio:.1f} times as fast as a process a speech")
assert ratio >= 5, "rdd.pipe pays a process's start once a partition"

trees = spark.read.json(spark.sparkContext.parallelize(piped, 2)).select("document_hash", "id").distinct()
annotations = spark.read.json(str(work / "annotations.jsonl")).withColumnRenamed("id", "annotation")
by_tag = (
    annotations.select("document_hash", "annotation", F.explode("tags").alias("tag"))
    .join(trees, "document_hash")
    .join(speeches.select("id", "year"), "id")
    .groupBy("year", "tag")
    .agg(F.countDistinct("annotation").alias("count"))
    .orderBy("year", "tag")
)
assert [list(r) for r in by_tag.collect()] == json.loads((work / "by_tag.json").read_text("utf-8")), "annotations by tag and year"
print("annotations by tag and year: as DuckDB counts them")
spark.stop()
