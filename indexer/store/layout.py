"""How an index lies on the disk: a folder a generation, and in it these files."""

# Raised whenever the tables, the seeds or the full text change in a way that old code cannot read.
LAYOUT = "6"
RECORDS = "records.sqlite3"
FULLTEXT = "fulltext"
CURRENT = "current"
REVISED = "revised.json"
