"""The tables of docs/capacity.md."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from tools.capacity.cost import (
    BASE_CAPACITY,
    FAST,
    PRICE,
    SLOW,
    Work,
    capacity_for_an_hour,
    seconds,
    unit_hours,
)
from tools.capacity.growth import Growth
from tools.capacity.measuring import Bytes
from tools.capacity.projecting import (
    Measured,
    project,
    project_keys,
    project_sorts,
    project_tests,
    sort_columns,
)
from tools.capacity.samples import Size
from tools.capacity.stand_in import Trial
from tools.capacity.writing import count, plain, size, table

RESTAURANTS = (50, 500, 5000)
DAYS = 4 * 365 + 1
_NAMED_BYTES = 1e9
_NAMED_ROWS = 1e7
_NAMED_SPARED = 5e9
_MANY = 3
_TESTS = 8
_WRONG = 10
# The tables of the units that figures are given in.
_UNITS = {
    "order lines": "marts.fct_order_lines",
    "orders": "marts.fct_orders",
    "customers": "marts.dim_customers",
    "days of customers": "intermediate.int_customer_days",
    "month ends of customers": "marts.customer_month_end",
}


def all_tables(measured: Measured, widths: Mapping[str, Mapping[str, float]], trial: Trial) -> dict[str, str]:
    """Every table by its name in the document.

    Args:
        measured: the generated warehouses.
        widths: bytes by table and column.
        trial: what the stand-in has shown.
    """
    estimates = Bytes(widths, sort_columns(measured.whole))
    targets = [replace(measured.whole.size, restaurants=number, days=DAYS) for number in RESTAURANTS]
    steps = project(measured, estimates)
    return {
        "samples": _samples(measured, trial),
        "volumes": _volumes(measured, steps, estimates, targets),
        "models": _models(steps, targets),
        "tests": _tests(measured, estimates, targets),
        "keys": _keys(measured, targets),
        "sorts": _sorts(measured, estimates, targets),
        "statements": _statements(trial),
        "cost": _cost(steps, trial, targets),
        "plans": _plans(trial),
    }


def _samples(measured: Measured, trial: Trial) -> str:
    whole = measured.whole.size
    return (
        f"Measured on {whole.restaurants} restaurants over {whole.days} days with {whole.lines} lines each a "
        f"day, and on half of the restaurants and half of the days. Statements and plans are those of "
        f"{trial.size.restaurants} restaurants over {trial.size.days} days with {trial.size.lines} lines."
    )


def _volumes(
    measured: Measured, steps: Mapping[str, Mapping[str, Growth]], estimates: Bytes, targets: Sequence[Size]
) -> str:
    names = {model.table: model.name for model in measured.whole.models}
    rows = [
        [unit, *(count(steps[names[built]]["rows"].at(target)) for target in targets)]
        for unit, built in _UNITS.items()
    ]
    stored = []
    for target in targets:
        # Raw rows are as many as order lines, or grow with them.
        raw = sum(
            number * estimates.width(name) * target.total_lines / measured.whole.size.total_lines
            for name, number in measured.whole.rows.items()
            if name.startswith("raw.")
        )
        # The next daily run builds its marts beside those in use.
        built = sum(
            steps[model.name]["rows"].at(target)
            * estimates.width(model.table)
            * (2 if model.table.startswith("marts.") else 1)
            for model in measured.whole.models
        )
        stored.append(size(raw + built))
    rows.append(["all tables, packed", *stored])
    return table(["after four years", *map("{:,}".format, RESTAURANTS)], rows)


def _models(steps: Mapping[str, Mapping[str, Growth]], targets: Sequence[Size]) -> str:
    largest = targets[-1]

    def is_named(figures: Mapping[str, Growth]) -> bool:
        return figures["whole"].at(largest) >= _NAMED_BYTES or figures["moved"].at(largest) >= _NAMED_ROWS

    named = sorted(
        ((name, figures) for name, figures in steps.items() if is_named(figures)),
        key=lambda step: -step[1]["whole"].at(largest),
    )
    rest = [figures for figures in steps.values() if not is_named(figures)]
    rows = [_model_row(name, [figures], targets) for name, figures in named]
    rows.append(_model_row(f"{len(rest)} other models", rest, targets))
    rows.append(_model_row("**together**", list(steps.values()), targets))
    header = [
        "",
        "reading grows with",
        "reads, whole columns",
        "with blocks skipped",
        "moves, rows",
        "writes, rows",
    ]
    return table(header, rows, texts=2)


def _model_row(name: str, steps: Sequence[Mapping[str, Growth]], targets: Sequence[Size]) -> list[str]:
    def each(figure: str, shown: Callable[[float], str]) -> str:
        values = [sum(step[figure].at(target) for step in steps) for target in targets]
        return " / ".join(map(shown, values))

    words = steps[0]["whole"].words if len(steps) == 1 else ""
    label = f"`{name}`" if len(steps) == 1 and "_" in name else name
    return [
        label,
        words,
        each("whole", size),
        each("skipped", size),
        each("moved", count),
        each("written", count),
    ]


def _tests(measured: Measured, estimates: Bytes, targets: Sequence[Size]) -> str:
    largest = targets[-1]
    tests = project_tests(measured, estimates)
    top = sorted(tests.items(), key=lambda test: -test[1].at(largest))[:_TESTS]
    rows = [[f"`{name}`", *(size(grown.at(target)) for target in targets)] for name, grown in top]
    return table(["data test", *map("{:,}".format, RESTAURANTS)], rows)


def _keys(measured: Measured, targets: Sequence[Size]) -> str:
    largest = targets[-1]
    even = project_keys(measured, anyhow=True)
    now = project_keys(measured, anyhow=False)
    totals = {key: sum(grown.at(largest) for grown in models.values()) for key, models in even.items()}
    rows = []
    for key in sorted(totals, key=lambda name: -totals[name]):
        if totals[key] < _MANY * 10 * _NAMED_ROWS:
            break
        configured = sum(grown.at(largest) for grown in now[key].values())
        rows.append(
            [_key_words(key), _readers(even[key], largest, 0.02), count(totals[key]), count(configured)]
        )
    return table(["key", "models, most rows first", "evenly spread", "as configured"], rows, texts=2)


def _key_words(key: str) -> str:
    return f"`{key}`" if key else "none: everything in one place"


def _readers(models: Mapping[str, Growth], target: Size, share: float = 0.0) -> str:
    """The models or tests with most of a figure, in order."""
    total = sum(grown.at(target) for grown in models.values())
    ordered = sorted(models.items(), key=lambda model: -model[1].at(target))
    named = [name for name, grown in ordered if grown.at(target) > share * total]
    more = f" and {len(named) - _MANY} more" if len(named) > _MANY else ""
    return ", ".join(name if " " in name else f"`{name}`" for name in named[:_MANY]) + more


def _sorts(measured: Measured, estimates: Bytes, targets: Sequence[Size]) -> str:
    largest = targets[-1]
    configured = sort_columns(measured.whole)
    spared = project_sorts(measured, estimates)
    totals = {
        place: sum(grown.at(largest) for grown in readers.values()) for place, readers in spared.items()
    }
    rows = []
    for place in sorted(totals, key=lambda name: -totals[name]):
        if totals[place] < _NAMED_SPARED:
            break
        name, column = place.split(": ")
        answer = "yes" if configured.get(name) == column else "no"
        rows.append(
            [f"`{name}`", f"`{column}`", _readers(spared[place], largest, 0.02), answer, size(totals[place])]
        )
    return table(["table", "restricted by", "readers", "sorted by it", "spared at 5,000"], rows, texts=4)


def _statements(trial: Trial) -> str:
    ordered = sorted(trial.statements.items(), key=lambda word: -word[1])
    rows = [[f"`{word}`", f"{number:,}"] for word, number in ordered if number >= _WRONG]
    rows.append(["all", f"{sum(trial.statements.values()):,}"])
    return table(["first word", "statements"], rows)


def _cost(steps: Mapping[str, Mapping[str, Growth]], trial: Trial, targets: Sequence[Size]) -> str:
    def work(target: Size, reading: str) -> Work:
        def total(figure: str) -> float:
            return sum(figures[figure].at(target) for figures in steps.values())

        statements = sum(trial.statements.values())
        return Work(statements, total(reading), total("moved"), total("written"))

    spans = [
        (seconds(work(target, "skipped"), FAST), seconds(work(target, "whole"), SLOW)) for target in targets
    ]
    statements = sum(trial.statements.values())
    waiting = (statements * FAST.statement_seconds, statements * SLOW.statement_seconds)
    rows = [
        ["busy, minutes", *(_span(low / 60, high / 60) for low, high in spans)],
        ["of these the statements alone", *(_span(waiting[0] / 60, waiting[1] / 60) for _ in spans)],
        ["RPU-hours", *(_span(unit_hours(low), unit_hours(high)) for low, high in spans)],
        ["RPU for a daily run of an hour", *(_capacities(span, waiting) for span in spans)],
        ["dollars", *(_span(unit_hours(low) * PRICE, unit_hours(high) * PRICE) for low, high in spans)],
    ]
    return table([f"a daily run on {BASE_CAPACITY} RPU", *map("{:,}".format, RESTAURANTS)], rows)


def _capacities(busy: tuple[float, float], waiting: tuple[float, float]) -> str:
    least, most = (capacity_for_an_hour(*times) for times in zip(busy, waiting, strict=True))
    return f"{least}" if least == most else f"{least} to {most}"


def _span(low: float, high: float) -> str:
    return f"{plain(low)} to {plain(high)}"


def _plans(trial: Trial) -> str:
    loops = {
        name: max((join.smaller for join in joins if join.kind == "Nested Loop"), default=0)
        for name, joins in trial.joins.items()
    }
    wrong = {
        name: max(joins, key=lambda join: join.actual / max(join.estimated, 1))
        for name, joins in trial.joins.items()
        if joins
    }
    rows = [
        [f"`{name}`", "join without an equality", f"smaller side {count(smaller)} rows"]
        for name, smaller in sorted(loops.items(), key=lambda loop: -loop[1])
        if smaller > 1
    ]
    rows += [
        [f"`{name}`", "expects too few rows", f"{count(join.estimated)} for {count(join.actual)}"]
        for name, join in sorted(wrong.items())
        if join.actual >= _WRONG * max(join.estimated, 1)
    ]
    kinds = [join.kind for joins in trial.joins.values() for join in joins]
    summary = (
        f"{len(kinds)} joins in {len(trial.joins)} models: {kinds.count('Hash Join')} hash, "
        f"{kinds.count('Merge Join')} merge, {kinds.count('Nested Loop')} without an equality."
    )
    return summary + "\n\n" + table(["model", "what", "how much"], rows, texts=3)
