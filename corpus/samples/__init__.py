"""Bundled sample reports with golden records; `README.md` says what they are."""
