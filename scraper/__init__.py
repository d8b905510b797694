"""Bring pages into the archive; what it writes, `corpus` reads.

`targets` reads what is wanted, `engine` asks sites, `webarchives` the Wayback Machine and Common Crawl, `browser`
renders what scripts write; `discover` finds on a page where to go on; `archive` keeps every answer as WARC, and by it
a run that was stopped goes on. `addresses` and its neighbours guard which addresses are asked.
"""
