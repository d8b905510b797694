"""Templates of pages, kept as data of the package."""
