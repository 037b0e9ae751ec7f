"""A picture of what requests cost as the route tables grow; needs matplotlib."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from matplotlib.axes import Axes

__all__ = ["check_matplotlib", "draw"]

# Thin lines above thick ones, because some are one upon the other. Both frameworks alone
# look alike, for they are what the others are compared with.
STYLES: dict[str, dict[str, Any]] = {
    "compatshim": {"color": "#0072b2", "linewidth": 5, "marker": "o", "markersize": 10},
    "ask-both": {"color": "#d55e00", "linewidth": 2, "marker": "^"},
    "flask-first": {"color": "#009e73", "linewidth": 2, "marker": "v"},
    "bare-flask": {"color": "black", "linestyle": "--", "marker": "."},
    "bare-pylons": {"color": "black", "linestyle": "--", "marker": "."},
}


def check_matplotlib() -> None:
    """Raise ``SystemExit``, which says what to install, where matplotlib is missing."""
    if find_spec("matplotlib") is None:
        raise SystemExit(
            "--plot needs matplotlib: pip install 'compatshim[benchmarks]'"
        )


def draw(panels: Mapping[str, Mapping[str, Mapping[int, float]]], path: Path) -> None:
    """Draw one panel for each title, with one line of microseconds by size for each peer."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5 * len(panels), 4.5), layout="constrained")
    axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for axis, (title, peers) in zip(axes, panels.items(), strict=True):
        for peer, style in STYLES.items():
            if peer in peers:
                sizes, times = zip(*peers[peer].items(), strict=True)
                axis.plot(sizes, times, label=peer, **style)
        axis.set(title=title, xlabel="routes on each side")
        axis.legend(loc="upper left")
        _set_scales(axis)
    axes[0].set_ylabel("microseconds for a request")
    figure.savefig(path, dpi=150)


def _set_scales(axis: Axes) -> None:
    """Let both axes be logarithmic, with plain numbers."""
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    axis.set(xscale="log", yscale="log")
    axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    for scale in (axis.xaxis, axis.yaxis):
        scale.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        scale.set_minor_formatter(NullFormatter())
    axis.grid(visible=True, alpha=0.3)
