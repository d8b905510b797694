"""Templates of the explorer's pages."""
