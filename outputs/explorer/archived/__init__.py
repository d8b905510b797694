"""Archived pages in the frame: which of their places are marked, and what of them may be shown without harm."""
