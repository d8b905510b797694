"""Reports → the dataset: tables as CSV and Parquet, described, sorted, and the same bytes for the same input.

`outputs.writer.dataset_writer` takes pages and writes a directory; `outputs.frames.read_dataset` gives its
tables as pandas frames; every table and column stands in `outputs.schema`.
"""
