"""What a customer can be expected to bring, as of one day: whole numbers only, every quotient rounded once.

Ratios, shares, orders and orders a day are in millionths, money is in cents, probabilities are in
ten-thousandths.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate

from .days import month_ends
from .exact import divide
from .inputs import Settings

MILLION = 1_000_000
STEP_MONTHS = 3
STEPS_OF_12_MONTHS, STEPS_OF_36_MONTHS = 4, 12
MOST_MISSED = 999_999_999
"""Hundredths of an order: more do not fit the column."""

State = tuple[int, int]
"""Order band and missed band, both counted from 1."""


def millionths(dividend: int, divisor: int) -> int:
    """Return a quotient in millionths."""
    return divide(dividend * MILLION, divisor)


class Purchases:
    """One customer's orders as (business date, net revenue in cents), any order; at least one."""

    def __init__(self, orders: Iterable[tuple[date, int]]) -> None:
        self.orders = sorted(orders)
        self._dates = [day for day, _ in self.orders]
        self._revenue = [0, *accumulate(amount for _, amount in self.orders)]

    @property
    def first(self) -> date:
        """Return the first order date."""
        return self._dates[0]

    def count(self, day: date) -> int:
        """Return how many orders there are up to the day."""
        return bisect_right(self._dates, day)

    def revenue(self, day: date) -> int:
        """Return what the orders up to the day brought."""
        return self._revenue[self.count(day)]

    def last(self, day: date) -> date:
        """Return the latest order date up to the day; there must be one."""
        return self._dates[self.count(day) - 1]


@dataclass(frozen=True)
class Observation:
    """A customer at a start, and what became of them in the three months after it."""

    start: State
    end: State
    pace: int
    end_pace: int
    days: int
    orders: int


@dataclass(frozen=True)
class Cell:
    """What is known of the customers of a cell; worth[k] is after k steps of three months, worth[0] is 0."""

    starts: int
    kept_ratio: int
    worth: tuple[int, ...]
    discounted_worth: tuple[int, ...]


@dataclass(frozen=True)
class Expectation:
    """What one customer is expected to bring."""

    pace: int
    missed: int
    cell: State
    is_observed: bool
    probability: int
    order_value: int
    orders_3m: int
    orders_12m: int
    orders_36m: int

    def revenue(self, orders: int) -> int:
        """Return what a number of orders would bring."""
        return divide(orders * self.order_value, MILLION)


class Estimator:
    """The estimate as of one day, from orders up to that day; later ones are not looked at."""

    def __init__(self, purchases: Mapping[str, Purchases], as_of: date, settings: Settings) -> None:
        self.as_of, self.settings = as_of, settings
        self.customers = {name: one for name, one in purchases.items() if one.first <= as_of}

    @cached_property
    def month_ends(self) -> list[date]:
        """Complete month ends since the first customer came, oldest first."""
        firsts = [one.first for one in self.customers.values()]
        return list(month_ends(min(firsts), self.as_of)) if firsts else []

    @property
    def reason(self) -> str | None:
        """Why there is no estimate; None when there is one."""
        if len(self.month_ends) < self.settings.expected_value_min_month_ends:
            return "history_too_short"
        if self.half_days is None:
            return "no_repeat_customers"
        return None if self.cells else "no_similar_customers"

    @property
    def lifetime_reason(self) -> str | None:
        """Why there is no estimate of the 36 months."""
        short = len(self.month_ends) < self.settings.expected_lifetime_min_month_ends
        return self.reason or ("history_too_short" if short else None)

    @property
    def year_reason(self) -> str | None:
        """Why there is no estimate of the 12 months."""
        return self.reason or (None if self.is_full_year else "no_full_year")

    @property
    def is_full_year(self) -> bool:
        """Return whether the starts cover every season."""
        return len(self.month_ends) >= self.settings.expected_value_full_year_month_ends

    # Pace and bands

    @cached_property
    def half_days(self) -> int | None:
        """Days that half an order takes on average; None when nobody came twice."""
        days = sum((self.as_of - one.first).days for one in self.customers.values())
        repeats = sum(one.count(self.as_of) - 1 for one in self.customers.values())
        return max(1, divide(days, 2 * repeats)) if repeats else None

    def _prior(self) -> int:
        assert self.half_days is not None
        return self.half_days

    def pace(self, one: Purchases, day: date) -> int:
        """Return orders a day of a customer as they stood on a day."""
        days = (day - one.first).days
        return divide((2 * one.count(day) - 1) * MILLION, 2 * (days + self._prior()))

    def _missed(self, one: Purchases, day: date) -> tuple[int, int]:
        """Return the orders missed at the customer's own pace, as dividend and divisor."""
        last = one.last(day)
        return one.count(day) * (day - last).days, (last - one.first).days + self._prior()

    def state(self, one: Purchases, day: date) -> State:
        """Return order band and missed band of a customer as they stood on a day."""
        missed, per = self._missed(one, day)
        order_band = sum(edge <= one.count(day) for edge in self.settings.expected_value_order_bands)
        return order_band, sum(edge * per <= 100 * missed for edge in self._missed_edges)

    @cached_property
    def _missed_edges(self) -> list[int]:
        return [int(100 * edge) for edge in self.settings.expected_value_missed_bands]

    # What happened after the starts

    @cached_property
    def observations(self) -> list[Observation]:
        """Every customer at every start; none where there can be no estimate."""
        known = self.month_ends
        if len(known) < self.settings.expected_value_min_month_ends or self.half_days is None:
            return []
        pairs = list(zip(known, known[STEP_MONTHS:], strict=False))
        return [
            self._observe(one, start, end)
            for start, end in pairs[-self.settings.expected_value_start_count :]
            for one in self.customers.values()
            if one.first <= start
        ]

    def _observe(self, one: Purchases, start: date, end: date) -> Observation:
        return Observation(
            start=self.state(one, start),
            end=self.state(one, end),
            pace=self.pace(one, start),
            end_pace=self.pace(one, end),
            days=(end - start).days,
            orders=one.count(end) - one.count(start),
        )

    @cached_property
    def _observed_states(self) -> set[State]:
        starts = Counter(one.start for one in self.observations)
        least = self.settings.expected_value_min_starts
        return {state for state, number in starts.items() if number >= least}

    def cell_of(self, state: State) -> State:
        """Return the state itself when enough customers started in it, else the nearest such state."""
        if state in self._observed_states:
            return state
        return min(self._observed_states, key=lambda cell: _distance(state, cell))

    @cached_property
    def _cell_of_state(self) -> dict[State, State]:
        settings = self.settings
        states = [
            (order_band, missed_band)
            for order_band in range(1, len(settings.expected_value_order_bands) + 1)
            for missed_band in range(1, len(settings.expected_value_missed_bands) + 1)
        ]
        return {state: self.cell_of(state) for state in states} if self._observed_states else {}

    @cached_property
    def kept_ratios(self) -> dict[State, int]:
        """Share of the promised orders that came, by cell: pulled to the missed band's, and it to all."""
        came: Counter[object] = Counter()
        promised: Counter[object] = Counter()
        for one in self.observations:
            cell = self._cell_of_state[one.start]
            for group in (cell, cell[1], "everybody"):
                came[group] += one.orders * MILLION
                promised[group] += one.pace * one.days

        def pulled(group: object, towards: int) -> int:
            weight = self.settings.expected_value_ratio_weight
            return millionths(came[group] + weight * towards, promised[group] + weight * MILLION)

        if not self._observed_states:
            return {}
        everybody = millionths(came["everybody"], promised["everybody"])
        return {cell: pulled(cell, pulled(cell[1], everybody)) for cell in self._observed_states}

    @cached_property
    def flows(self) -> dict[tuple[State, State], int]:
        """How much of the pace of a cell's customers is in which cell three months later."""
        if not self._observed_states:
            return {}
        start_paces: Counter[State] = Counter()
        end_paces: Counter[tuple[State, State]] = Counter()
        for one in self.observations:
            cell, next_cell = self._cell_of_state[one.start], self._cell_of_state[one.end]
            start_paces[cell] += one.pace
            end_paces[cell, next_cell] += one.end_pace
        return {step: millionths(pace, start_paces[step[0]]) for step, pace in end_paces.items()}

    def _worths(self, factor: int) -> list[dict[State, int]]:
        """Return the worth by cell after 0, 1, … steps, what is left each time multiplied by the factor."""
        worths = [dict.fromkeys(self.kept_ratios, 0)]
        for _ in range(STEPS_OF_36_MONTHS):
            rest = {cell: divide(worth * factor, MILLION) for cell, worth in worths[-1].items()}
            later: Counter[State] = Counter()
            for (cell, next_cell), flow in self.flows.items():
                later[cell] += flow * rest[next_cell]
            worths.append(
                {cell: kept + divide(later[cell], MILLION) for cell, kept in self.kept_ratios.items()}
            )
        return worths

    @cached_property
    def cells(self) -> dict[State, Cell]:
        """Every cell with what its customers' promises are worth; none where there can be no estimate."""
        if not self._observed_states:
            return {}
        starts = Counter(self._cell_of_state[one.start] for one in self.observations)
        plain = self._worths(MILLION)
        discounted = self._worths(int(self.settings.expected_value_discount * MILLION))
        return {
            cell: Cell(
                starts[cell],
                kept_ratio,
                tuple(worths[cell] for worths in plain),
                tuple(worths[cell] for worths in discounted),
            )
            for cell, kept_ratio in self.kept_ratios.items()
        }

    # What an order brings

    @cached_property
    def mean_order_value(self) -> int:
        """Return the mean of all orders, in cents."""
        orders = sum(one.count(self.as_of) for one in self.customers.values())
        return divide(sum(one.revenue(self.as_of) for one in self.customers.values()), orders)

    @cached_property
    def order_value_weight(self) -> int:
        """Return k in hundredths: how many orders at the mean a customer's own orders are weighed against.

        The variance of an order within customers over that between customers, by an unbalanced one-way
        analysis of variance of the orders' distances from the mean, in thousandths of it.
        """
        most = 100 * self.settings.expected_value_max_order_weight
        mean = self.mean_order_value
        groups = [self._distances(one, mean) for one in self.customers.values()] if mean > 0 else []
        orders, customers = sum(map(len, groups)), len(groups)
        if customers < 2 or orders == customers:
            return most
        of_customers = sum(divide(sum(group) ** 2, len(group)) for group in groups)
        within = millionths(
            sum(value**2 for group in groups for value in group) - of_customers, orders - customers
        )
        between = millionths(of_customers - divide(sum(map(sum, groups)) ** 2, orders), customers - 1)
        size = millionths(orders**2 - sum(len(group) ** 2 for group in groups), orders * (customers - 1))
        variance = millionths(between - within, size) if between > within else 0
        return min(most, divide(100 * within, variance)) if variance else most

    def _distances(self, one: Purchases, mean: int) -> list[int]:
        return [divide(1000 * (amount - mean), mean) for day, amount in one.orders if day <= self.as_of]

    def order_value(self, one: Purchases) -> int:
        """Return what an order of a customer is expected to bring: their mean, pulled to everybody's."""
        weight = self.order_value_weight
        total = 100 * one.revenue(self.as_of) + weight * self.mean_order_value
        return divide(max(0, total), 100 * one.count(self.as_of) + weight)

    # Who comes back within three months

    def _orders(self, pace: int, worth: int) -> int:
        return divide(pace * 365 * worth, 4 * MILLION)

    def _orders_band(self, orders: int) -> int:
        return 1 + sum(edge <= orders for edge in self._orders_edges)

    @cached_property
    def _orders_edges(self) -> list[int]:
        return [int(edge * MILLION) for edge in self.settings.expected_value_probability_bands]

    @cached_property
    def _returns(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Starts, and how many of them had an order, by band of expected orders and missed band."""
        counts: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
        for one in self.observations:
            worth = self.kept_ratios[self._cell_of_state[one.start]]
            count = counts[self._orders_band(self._orders(one.pace, worth)), one.start[1]]
            count[0] += 1
            count[1] += one.orders > 0
        return {key: (starts, returned) for key, (starts, returned) in counts.items()}

    @cached_property
    def _shares(self) -> list[int]:
        """Share of starts that had an order, by band of expected orders; a thin band takes the nearest's."""
        bands = range(1, len(self.settings.expected_value_probability_bands) + 2)
        totals = {band: self._total(band) for band in bands}
        least = self.settings.expected_value_min_probability_starts
        firm = {band: millionths(came, starts) for band, (starts, came) in totals.items() if starts >= least}
        everybody = [sum(numbers) for numbers in zip(*totals.values(), strict=True)]
        firm = firm or {1: millionths(everybody[1], everybody[0])}
        return [firm[min(firm, key=lambda other: (abs(other - band), other))] for band in bands]

    def _total(self, orders_band: int) -> tuple[int, int]:
        counts = [count for (band, _), count in self._returns.items() if band == orders_band]
        return sum(starts for starts, _ in counts), sum(returned for _, returned in counts)

    def probability(self, orders: int, missed_band: int) -> int:
        """Return how likely at least one order is when so many are expected, in ten-thousandths."""
        band = self._orders_band(orders)
        starts, returned = self._returns.get((band, missed_band), (0, 0))
        weight = self.settings.expected_value_probability_weight
        return divide(returned * MILLION + weight * self._shares[band - 1], 100 * (starts + weight))

    # Customers

    @cached_property
    def expectations(self) -> dict[str, Expectation]:
        """What every customer is expected to bring; none where there can be no estimate."""
        if self.reason:
            return {}
        return {name: self._expect(one) for name, one in self.customers.items()}

    def _expect(self, one: Purchases) -> Expectation:
        state, pace = self.state(one, self.as_of), self.pace(one, self.as_of)
        missed, per = self._missed(one, self.as_of)
        key = self._cell_of_state[state]
        cell = self.cells[key]
        orders_3m = self._orders(pace, cell.worth[1])
        return Expectation(
            pace=pace,
            missed=min(MOST_MISSED, divide(100 * missed, per)),
            cell=key,
            is_observed=key == state,
            probability=self.probability(orders_3m, state[1]),
            order_value=self.order_value(one),
            orders_3m=orders_3m,
            orders_12m=self._orders(pace, cell.worth[STEPS_OF_12_MONTHS]),
            orders_36m=self._orders(pace, cell.discounted_worth[STEPS_OF_36_MONTHS]),
        )


def _distance(state: State, cell: State) -> tuple[bool, int, int, int]:
    """Order in which a state's possible cells are tried: those that missed no more, then the nearest."""
    order_steps, missed_steps = abs(cell[0] - state[0]), abs(cell[1] - state[1])
    return (cell[1] > state[1], 2 * order_steps + missed_steps, -cell[1], -cell[0])
