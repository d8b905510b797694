"""Captures that web archives hold: found in their index, fetched as they were archived, kept under their own time."""

from scraper.webarchives.fetching import fetch_common_crawl, fetch_wayback
from scraper.webarchives.listing import list_captures
from scraper.webarchives.options import WebArchiveOptions
from scraper.webarchives.rows import CaptureRow

__all__ = ["CaptureRow", "WebArchiveOptions", "fetch_common_crawl", "fetch_wayback", "list_captures"]
