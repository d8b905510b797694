"""Words of the explorer's pages: one CSV file (key, en, zh) for each kind of page."""
