"""The explorer: a dataset as pages for people, on which every number opens the page that it was read from.

`kinds` says which pages there are; each module of `pages` answers for one kind. `server` hands them out beside
Datasette's own, `site` writes them as files. `index` is the SQLite file that all of them read, `shown` what pages say
of it, `charts` their charts, `archived` the pages in the frame.
"""
