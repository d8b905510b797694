"""Figures of reports that are made up: a series for each agency, in which what is carried over comes back."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from benchmarks.pages import Cell, form_items, leaves, proactive_rows, requests_rows, review_rows

_COLUMN_WEIGHTS = (84, 6, 1, 1, 5, 3)
_SIGNS_OF_NOTHING = ("0", "0", "0", "0", "", "/", "-")
"""What an agency prints where it counts nothing: each keeps to one."""

_SLIPS = 0.08
"""Share of the tables in which one figure is wrong."""

_ITEM_ROWS = {
    "licence": "20_5",
    "other_service": "20_5",
    "penalty": "20_6",
    "compulsion": "20_6",
    "admin_fee": "20_8",
}
"""Rows of the form of 2019 that count what there was a year before, and their tables."""


class Figures:
    """What one agency counts from year to year; every call of `tables` is the next year.

    `scale` is about how many requests it receives in a year.
    """

    def __init__(self, seed: str, scale: float) -> None:
        self._rng = random.Random(seed)
        self._scale = scale
        self._nothing = self._rng.choice(_SIGNS_OF_NOTHING)
        self._pending = [0] * len(_COLUMN_WEIGHTS)
        self._stock = self._rng.randint(20, 90)
        self._items = Counter({row: self._rng.randint(3, 200) for row in _ITEM_ROWS})
        self._ever: Counter[str] = Counter()
        self.received = 0
        self.processed = 0
        self.reviews = 0

    def tables(self, year: int) -> Mapping[str, list[list[Cell]]]:
        """Return the rows of each table of that year's form, by the part of the report that it stands in."""
        self._scale *= self._rng.uniform(0.85, 1.25)
        if year < 2014:
            return {"appendix": list(self._of_2008(year))}
        if year < 2019:
            return {"appendix": list(self._of_2014())}
        form_id = "C1_2019_60" if year < 2021 else "C2_2021_30"
        requests, review, proactive = self._requests(form_id), self._review(form_id), self._proactive(form_id)
        return {
            "proactive": list(proactive_rows(form_id, lambda row, col: self._text(proactive[row, col]))),
            "requests": list(requests_rows(form_id, lambda row, col: self._text(requests[row, col]))),
            "review": list(review_rows(form_id, lambda col: self._text(review[col]))),
        }

    def slip(self) -> None:
        """Count one request more than the tables do, so that the page says something else when it is captured again."""
        self.received += 1

    def _of_2008(self, year: int) -> Iterator[list[Cell]]:
        yield [(text, 1, 1) for text in ("指标名称", "计量单位", f"{year}年度", "历年累计")]
        for label, unit, key, count in self._listed("A_FJ_2008"):
            self._ever[key] += count
            yield [(text, 1, 1) for text in (label, unit, self._text(count), self._text(self._ever[key]))]

    def _of_2014(self) -> Iterator[list[Cell]]:
        yield [(text, 1, 1) for text in ("统计指标", "单位", "统计数")]
        for label, unit, _, count in self._listed("B_2014_32"):
            yield [(text, 1, 1) for text in (label, unit, self._text(count) if unit else "")]

    def _listed(self, form_id: str) -> list[tuple[str, str, str, int]]:
        """Label, unit, key and count of every row: parts sum up to their group, a single one is less than it."""
        items = form_items(form_id)
        counts: dict[str, int] = {}
        for item in reversed(items):
            parts = [counts[part["key"]] for part in items if part["parent"] == item["key"]]
            size = self._scale * {"条": 8.0, "人次": 4.0}.get(item["unit"], 0.25)
            counts[item["key"]] = sum(parts) + (self._about(size) if len(parts) < 2 else 0)
        self.received = counts["received"]
        self.processed = counts.get("closed", counts["responses"])
        self.reviews = counts["recon"]
        if self._rng.random() < _SLIPS:
            counts["received"] += self._rng.randint(1, 9)
        return [(item["label"], item["unit"], item["key"], counts[item["key"]]) for item in items]

    def _requests(self, form_id: str) -> Mapping[tuple[str, str], int]:
        rows, cols = leaves(form_id, "s3", "row"), leaves(form_id, "s3", "col")
        received, carried_in, *results, total, carried_out = rows
        arrived = Counter(self._rng.choices(cols[:-1], _COLUMN_WEIGHTS, k=int(self._scale)))
        weights = [9, 4, *(1 for _ in results[2:])]
        counts: Counter[tuple[str, str]] = Counter()
        for n, col in enumerate(cols[:-1]):
            counts[received, col] = arrived[col]
            counts[carried_in, col] = self._pending[n]
            at_hand = arrived[col] + self._pending[n]
            self._pending[n] = min(at_hand, self._about(0.05 * at_hand + 0.1))
            counts[carried_out, col] = self._pending[n]
            counts[total, col] = at_hand - self._pending[n]
            for row in self._rng.choices(results, weights, k=counts[total, col]):
                counts[row, col] += 1
        for row in rows:
            counts[row, cols[-1]] = sum(counts[row, col] for col in cols[:-1])
        self.received = counts[received, cols[-1]]
        self.processed = counts[total, cols[-1]]
        if self._rng.random() < _SLIPS:
            counts[self._rng.choice(rows), self._rng.choice(cols)] += self._rng.randint(1, 7)
        return counts

    def _review(self, form_id: str) -> Mapping[str, int]:
        keys = leaves(form_id, "s4", "col")
        counts: dict[str, int] = {}
        for start in range(0, len(keys), 5):
            parts = [self._about(0.03 * self._scale + 0.05) for _ in range(4)]
            counts.update(zip(keys[start : start + 5], (*parts, sum(parts)), strict=True))
        self.reviews = counts[keys[4]]
        if self._rng.random() < _SLIPS / 2:
            counts[self._rng.choice(keys)] += 1
        return counts

    def _proactive(self, form_id: str) -> Mapping[tuple[str, str], float]:
        issued, repealed = self._rng.randint(0, 12), self._rng.randint(0, 6)
        stock, self._stock = self._stock, max(0, self._stock + issued - repealed)
        values: dict[tuple[str, str], float] = defaultdict(int)
        documents = {"issued": issued, "repealed": min(repealed, stock + issued), "in_force": self._stock}
        if form_id == "C2_2021_30":
            values.update({("s2.normative", f"s2.20_1.{col}"): count for col, count in documents.items()})
            for row, table in (("licence", "20_5"), ("penalty", "20_6"), ("compulsion", "20_6")):
                values[f"s2.{row}", f"s2.{table}.decisions"] = self._about(self._scale * 20)
            values["s2.admin_fee", "s2.20_8.amount"] = self._amount(300)
            return values
        documents = {"made": issued, "disclosed": issued, "stock": self._stock + issued}
        values.update({("s2.normative", f"s2.20_1.{col}"): count for col, count in documents.items()})
        for row, table in _ITEM_ROWS.items():
            change = self._rng.choice((0, 0, 0, 1, 2, 5, -1, -2))
            values[f"s2.{row}", f"s2.{table}.prior"] = self._items[row]
            values[f"s2.{row}", f"s2.{table}.change"] = change
            values[f"s2.{row}", f"s2.{table}.decisions"] = self._about(self._scale * 20)
            self._items[row] += change
        values["s2.procurement", "s2.20_9.projects"] = self._about(20)
        values["s2.procurement", "s2.20_9.amount"] = self._amount(900)
        return values

    def _about(self, mean: float) -> int:
        return int(self._rng.expovariate(1 / mean))

    def _amount(self, mean: float) -> float:
        return round(self._rng.expovariate(1 / mean), 2)

    def _text(self, value: float) -> str:
        return str(value) if value else self._nothing
