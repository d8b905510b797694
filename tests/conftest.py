"""Settings of the whole suite: where helpers are found, and a hypothesis profile that gives the same run every time."""

import csv
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent / "support"))

settings.register_profile(
    "gongkai",
    derandomize=True,
    database=None,
    deadline=None,  # a slow machine is no failure
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("gongkai")


@pytest.fixture
def python_csv():
    """Cells as long as Python's csv takes them: a library that other tests import lifts that limit for the process."""
    before = csv.field_size_limit(131_072)
    yield
    csv.field_size_limit(before)
