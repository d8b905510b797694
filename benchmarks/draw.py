"""The plots of docs/performance.md, as SVG that is the same for the same figures."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

_COLOURS = ("#1b6ca8", "#d1495b", "#66a182", "#edae49", "#775d6a", "#9aa5b1", "#3d405b", "#00798c")
_SIZE = (7.2, 3.2)


def draw(folder: Path, results: Mapping[str, Any]) -> list[Path]:
    """Draw what there are results for; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    plots: dict[str, Callable[[Figure, Any], None]] = {
        "ways": _draw_ways,
        "stages": _draw_stages,
        "memory": _draw_memory,
        "scaling": _draw_scaling,
    }
    sources = {"ways": "stages", "stages": "stages", "memory": "build", "scaling": "build"}
    for name, plot in plots.items():
        if results.get(sources[name]):
            made.append(_save(folder / f"{name}.svg", plot, results[sources[name]]))
    return made


def _save(path: Path, plot: Callable[[Figure, Any], None], figures: Any) -> Path:
    # Text stays text, and names in the file are made of its content: the same figures give the same file.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": path.stem, "font.size": 9}):
        figure = Figure(figsize=_SIZE, layout="constrained")
        plot(figure, figures)
        figure.savefig(path, metadata={"Date": None, "Creator": None})
    text = path.read_text(encoding="utf-8")
    path.write_text("\n".join(line.rstrip() for line in text.splitlines()) + "\n", encoding="utf-8")
    return path


def _draw_ways(figure: Figure, timings: Sequence[Mapping[str, Any]]) -> None:
    axes = figure.subplots()
    ways = [way for way in timings[0]["ways"] if way != "lxml tree"]
    height = 0.8 / len(timings)
    for number, timing in enumerate(timings):
        at = [place - number * height for place in range(len(ways), 0, -1)]
        label = f"{timing['layout']}, {timing['n_bytes'] // 1000} KB"
        axes.barh(at, [timing["ways"][way] for way in ways], height, label=label, color=_COLOURS[number])
    axes.set_yticks([place - 0.4 + height / 2 for place in range(len(ways), 0, -1)], ways)
    axes.set_xscale("log")
    axes.set_xlabel("milliseconds a page, one core (log scale)")
    axes.legend(fontsize=7)


def _draw_stages(figure: Figure, timings: Sequence[Mapping[str, Any]]) -> None:
    axes = figure.subplots()
    total = {stage: sum(timing["stages"][stage] for timing in timings) for stage in timings[0]["stages"]}
    largest = sorted(total, key=lambda stage: -total[stage])[: len(_COLOURS) - 1]
    shown = [stage for stage in total if stage in largest]
    labels = [f"{timing['layout']}\n{timing['n_bytes'] // 1000} KB" for timing in timings]
    left = [0.0] * len(timings)
    for number, stage in enumerate([*shown, "all others"]):
        stages = [stage] if stage in total else [name for name in total if name not in shown]
        heights = [
            100 * sum(timing["stages"][name] for name in stages) / sum(timing["stages"].values()) for timing in timings
        ]
        axes.bar(labels, heights, 0.7, left, label=stage, color=_COLOURS[number])
        left = [before + height for before, height in zip(left, heights, strict=True)]
    axes.set_ylabel("share of the time of parse, %")
    axes.legend(fontsize=7, loc="center left", bbox_to_anchor=(1, 0.5))


def _draw_memory(figure: Figure, cases: Sequence[Mapping[str, Any]]) -> None:
    shown = _largest_each(cases)
    all_axes = figure.subplots(1, len(shown), sharey=True, squeeze=False)[0]
    for axes, case in zip(all_axes, shown, strict=True):
        seconds = [sample[0] for sample in case["samples"]]
        axes.plot(seconds, [sample[3] for sample in case["samples"]], label="main process", color=_COLOURS[0])
        axes.plot(seconds, [sample[4] for sample in case["samples"]], label="largest other process", color=_COLOURS[1])
        axes.axhline(400, color=_COLOURS[5], linewidth=0.8, linestyle="--")
        axes.set_title(f"{case['pages']:,} pages", fontsize=9)
        axes.set_xlabel("seconds")
    all_axes[0].set_ylabel("MB not shared (USS)")
    all_axes[0].set_ylim(0, None)
    all_axes[0].legend(fontsize=7)


def _largest_each(cases: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """One case for each number of pages: that of the local engine with the most workers."""
    found: dict[int, Mapping[str, Any]] = {}
    for case in sorted(cases, key=lambda case: (case["pages"], case["workers"])):
        if case["engine"] == "local" and not case["grown"]:
            found[case["pages"]] = case
    return list(found.values())


def _draw_scaling(figure: Figure, cases: Sequence[Mapping[str, Any]]) -> None:
    axes = figure.subplots()
    whole = [case for case in cases if not case["grown"]]
    labels = [f"{case['pages']:,}\n{case['engine']}, {case['workers']}" for case in whole]
    left = [0.0] * len(whole)
    for number, phase in enumerate(whole[0]["phases"]):
        heights = [1000 * case["phases"][phase] / case["pages"] for case in whole]
        axes.bar(labels, heights, 0.7, left, label=phase, color=_COLOURS[number])
        left = [before + height for before, height in zip(left, heights, strict=True)]
    axes.set_ylabel("milliseconds of the clock a page")
    axes.set_xlabel("pages; engine, workers")
    axes.tick_params(axis="x", labelsize=7)
    axes.legend(fontsize=7)
