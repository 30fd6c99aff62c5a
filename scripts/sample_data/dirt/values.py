"""Dirt in values that a load must accept, put into the tables in place."""

from __future__ import annotations

import numpy as np

from sample_data.company.sample import Sample
from sample_data.plan import Array, stream

DIRTY_CATEGORY_SHARE = 0.03
LOWER_CURRENCY_SHARE = 0.02
FOREIGN_ORDER_SHARE = 0.002
REFUND_SHARE = 0.003
ZERO_SHARE = 0.001
BLANK_GUEST_SHARE = 0.3
DISAGREEING_SHARE = 0.0005
DUPLICATE_OPTION_SHARE = 0.012
EARLY_OPTION_SHARE = 0.0005

_USD_LOWER, _EUR = 1, 2


def soil_values(sample: Sample, *, split: bool) -> None:
    """Soils categories, currencies, amounts, guests, heads, options; with `split` some options come early."""
    rng = stream(sample.plan.seed, "dirty values")
    _soil_categories(rng, sample)
    _soil_currencies(rng, sample)
    _soil_amounts(rng, sample)
    _soil_guests(rng, sample)
    _soil_heads(rng, sample)
    _repeat_options(rng, sample)
    if split:
        _hurry_options(rng, sample)


def _some(rng: np.random.Generator, among: Array, share: float) -> Array:
    """A share of the values, three at least where there are as many."""
    size = min(len(among), max(3, round(share * len(among))))
    return rng.choice(among, size, replace=False)


def spellings(category: str) -> list[str]:
    """Ways in which a category comes: stray blanks, another case, a tab, a no-break space, a pasted address.

    >>> spellings("Drip Coffee")[-1]
    'Drip Chttps://menu.example/items?id=7#offee'
    """
    middle = len(category) // 2 + 1
    return [
        f" {category}",
        f"{category}  ",
        f"\t{category}",
        category.replace(" ", "  ").replace("&", " &"),
        category.replace(" ", "\t"),
        category.replace(" ", "\u00a0"),
        category.lower(),
        category.upper(),
        f"{category[:middle]}HTTP://menu.example/a,b#{category[middle:]}",
        f"{category[:middle]}https://menu.example/items?id=7#{category[middle:]}",
    ]


def _soil_categories(rng: np.random.Generator, sample: Sample) -> None:
    texts = sample.texts["category"]
    clean = [text for text in texts if text]
    column, first = sample.lines["category"], len(texts)
    chosen = _some(rng, np.flatnonzero(column < len(clean)), DIRTY_CATEGORY_SHARE)
    ways = len(spellings("x"))
    column[chosen] = first + column[chosen] * ways + rng.integers(0, ways, len(chosen))
    texts += [spelling for text in clean for spelling in spellings(text)]


def _soil_currencies(rng: np.random.Generator, sample: Sample) -> None:
    """Lower case, whole orders in another currency, and orders with one such line."""
    currency, of = sample.lines["currency"], sample.lines["order"]
    currency[_some(rng, sample.lines["line"], LOWER_CURRENCY_SHARE)] = _USD_LOWER
    foreign = _some(rng, np.unique(of), FOREIGN_ORDER_SHARE)
    currency[np.isin(of, foreign)] = _EUR
    currency[_some(rng, _later_lines(sample), DISAGREEING_SHARE)] = _EUR


def _later_lines(sample: Sample) -> Array:
    """Lines of identified customers that are not the first of their order."""
    return np.flatnonzero(~sample.lines["first"] & (sample.lines["customer"] >= 0))


def _soil_amounts(rng: np.random.Generator, sample: Sample) -> None:
    """Refunds by price, by quantity and by both; quantity 0; price 0."""
    lines = sample.lines
    for columns in (("cents",), ("quantity",), ("cents", "quantity")):
        refunded = _some(rng, lines["line"], REFUND_SHARE / 3)
        for name in columns:
            lines[name][refunded] *= -1
    for name in ("cents", "quantity"):
        lines[name][_some(rng, lines["line"], ZERO_SHARE)] = 0


def _soil_guests(rng: np.random.Generator, sample: Sample) -> None:
    """Guests whose customer is one or two blanks, not nothing: -2 and -3."""
    customer = sample.lines["customer"]
    blank = _some(rng, np.flatnonzero(customer == -1), BLANK_GUEST_SHARE)
    customer[blank] = rng.integers(-3, -1, len(blank))


def _soil_heads(rng: np.random.Generator, sample: Sample) -> None:
    """Lines that disagree with the first line of their order in customer, time, app or loyalty."""
    lines, later = sample.lines, _later_lines(sample)
    moved = _some(rng, later, DISAGREEING_SHARE)
    lines["customer"][moved] = (lines["customer"][moved] + 1) % sample.plan.customers
    moved = _some(rng, later, DISAGREEING_SHARE)
    lines["ms"][moved] += rng.integers(-5_400_000, 5_400_000, len(moved))
    moved = _some(rng, later, DISAGREEING_SHARE)
    lines["app"][moved] = (lines["app"][moved] + 1) % 2
    moved = _some(rng, later, DISAGREEING_SHARE)
    lines["loyal"][moved] = ~lines["loyal"][moved]


def _repeat_options(rng: np.random.Generator, sample: Sample) -> None:
    """Exact copies, right after the row they repeat."""
    rows = len(sample.options["line"])
    times = np.ones(rows, dtype=np.int64)
    times[_some(rng, np.arange(rows), DUPLICATE_OPTION_SHARE)] = 2
    sample.options = {name: np.repeat(column, times) for name, column in sample.options.items()}


def _hurry_options(rng: np.random.Generator, sample: Sample) -> None:
    """All options of some lines go to the folder of the day before."""
    day, line = sample.options["day"], sample.options["line"]
    early = _some(rng, np.unique(line[day > 0]), EARLY_OPTION_SHARE)
    day -= np.isin(line, early)
    by_day = np.argsort(day, kind="stable")
    sample.options = {name: column[by_day] for name, column in sample.options.items()}
