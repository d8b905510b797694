"""Behind `scraper.archive`: WARC files, the catalogue of what stands in them, and what is made from both."""
