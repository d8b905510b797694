"""Bring pages into the archive: discovery, polite fetching, web archives. What it writes, `corpus` reads.

This package has no public name yet.
"""
