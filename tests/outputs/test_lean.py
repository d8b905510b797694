"""Processes of a batch do without pandas; others do not notice."""

import importlib
import importlib.util
import sys

import pytest

from outputs.lean import without_pandas


def test_pandas_is_not_found_for_a_while(monkeypatch):
    monkeypatch.delitem(sys.modules, "pandas", raising=False)
    with without_pandas():
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module("pandas")
        assert importlib.util.find_spec("pyarrow")
    assert importlib.util.find_spec("pandas")
