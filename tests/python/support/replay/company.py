"""A small company whose files change in every way that files change, by steps that a number decides."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from .playing import Replay

ITEM_COLUMNS = [
    "APP_NAME",
    "RESTAURANT_ID",
    "CREATION_TIME_UTC",
    "ORDER_ID",
    "USER_ID",
    "PRINTED_CARD_NUMBER",
    "IS_LOYALTY",
    "CURRENCY",
    "LINEITEM_ID",
    "ITEM_CATEGORY",
    "ITEM_NAME",
    "ITEM_PRICE",
    "ITEM_QUANTITY",
]
OPTION_COLUMNS = [
    "ORDER_ID",
    "LINEITEM_ID",
    "OPTION_GROUP_NAME",
    "OPTION_NAME",
    "OPTION_PRICE",
    "OPTION_QUANTITY",
]
FIRST_DAY = datetime(2024, 1, 29)  # near a month's end, in a leap year
CUSTOMERS = ("ann", "bob", "cat", "dan", "eve", "staff", "")
PLACES = ("north", "south", "west")
APPS = ("Kiosk", "Web", "Sandbox")


@dataclass(frozen=True)
class OrderLine:
    """One row of an order file."""

    order: str
    line: str
    customer: str
    place: str
    time: datetime
    app: str
    price: str
    quantity: int
    category: str
    is_loyalty: bool
    currency: str

    def cells(self) -> list[str]:
        """The row as the platform writes it."""
        time = self.time.strftime("%Y-%m-%dT%H:%M:%SZ")
        loyalty = str(self.is_loyalty).upper()
        head = [self.app, self.place, time, self.order, self.customer, "", loyalty, self.currency, self.line]
        return [*head, self.category, f"a {self.category}", self.price, str(self.quantity)]


Cells = list[str]
Row = TypeVar("Row", OrderLine, Cells)


@dataclass
class SalesFile:
    """Content of a file that was delivered: order lines or option rows."""

    lines: list[OrderLine] = field(default_factory=list)
    options: list[Cells] = field(default_factory=list)
    is_options: bool = False

    def content(self) -> bytes:
        """The file's bytes."""
        text = io.StringIO()
        rows = self.options if self.is_options else [line.cells() for line in self.lines]
        csv.writer(text).writerows([OPTION_COLUMNS if self.is_options else ITEM_COLUMNS, *rows])
        return text.getvalue().encode()


class Company:
    """Carries out steps on a warehouse; each is named after what happens in that run."""

    def __init__(self, replay: Replay) -> None:
        self._replay = replay
        self._files: dict[str, SalesFile] = {}
        self._day = 0
        self._orders = 0
        self._names = 0

    def take(self, kind: str, number: int) -> None:
        """Take one step; the number decides everything about it."""
        STEPS[kind](self, Random(number))

    def new_day(self, random: Random) -> None:
        """Orders of the next day, and most of their options."""
        self._day += 1
        lines = [line for _ in range(random.randint(1, 5)) for line in self._new_order(random, self._day)]
        self._deliver(SalesFile(lines))
        if random.random() < 0.7:
            self._deliver(SalesFile(options=_options(random, lines), is_options=True))

    def late_lines(self, random: Random) -> None:
        """New orders of an old day, new lines of old orders, and new versions of old lines."""
        lines = self._new_order(random, random.randint(0, self._day))
        for known in self._known_lines(random, 3):
            lines.append(_changed(random, replace(known, line=random.choice([known.line, "late"]))))
        self._deliver(SalesFile(lines))

    def options_first(self, random: Random) -> None:
        """Options of orders that come later, or of lines that are there."""
        coming = self._new_order(random, self._day + 1)
        self._deliver(
            SalesFile(options=_options(random, coming + self._known_lines(random, 2)), is_options=True)
        )
        if random.random() < 0.7:
            self._deliver(SalesFile(coming))

    def corrected_file(self, random: Random) -> None:
        """A file comes again with lines changed, removed and added."""
        if not self._files:
            return
        name = random.choice(sorted(self._files))
        old = self._files[name]
        lines = [
            _changed(random, line) if random.random() < 0.5 else line
            for line in _without_one(random, old.lines)
        ]
        options = _without_one(random, old.options)
        if old.is_options:
            options = options + _options(random, self._known_lines(random, 1))
        elif random.random() < 0.5:
            lines += self._new_order(random, random.randint(0, self._day))
        self._deliver(SalesFile(lines, options, old.is_options), name)

    def withdrawn_file(self, random: Random) -> None:
        """A file is taken back."""
        if self._files:
            name = random.choice(sorted(self._files))
            self._replay.withdraw(name)
            del self._files[name]

    def second_delivery(self, random: Random) -> None:
        """A file comes again under another name, and so counts as the latest."""
        if self._files:
            self._deliver(self._files[random.choice(sorted(self._files))])

    def empty_day(self, random: Random) -> None:
        """A file with a header only."""
        self._day += 1
        self._deliver(SalesFile(is_options=random.random() < 0.5))

    def skipped_month(self, random: Random) -> None:
        """Nothing comes for a month or more."""
        self._day += random.randint(28, 64)

    def run(self, _: Random) -> None:
        """A run that comes to its end."""
        self._replay.run()

    def run_cut_off(self, random: Random) -> None:
        """A run that dies between two models."""
        self._replay.run(cut_off_after=random.randrange(self._replay.model_count))

    def run_disturbed(self, random: Random) -> None:
        """A run while which a file is taken back or comes again; only the next one has to know of it."""
        kind = random.choice([Company.withdrawn_file, Company.corrected_file])
        moment = random.randrange(self._replay.model_count)
        self._replay.run(meanwhile=(moment, lambda: kind(self, random)))

    def _deliver(self, file: SalesFile, name: str | None = None) -> None:
        self._names += 1
        name = name or f"{self._names:03}.csv"
        self._files[name] = file
        self._replay.load(name, file.content())

    def _new_order(self, random: Random, day: int) -> list[OrderLine]:
        self._orders += 1
        first = OrderLine(
            order=f"o{random.randrange(1000):03}-{self._orders}",
            line="l1",
            customer=random.choice(CUSTOMERS),
            place=random.choice(PLACES),
            time=FIRST_DAY + timedelta(days=day, hours=random.randrange(24)),
            app=random.choices(APPS, (5, 3, 1))[0],
            price=random.choice(("5", "7.25", "0.005", "-3", "12.5")),
            quantity=random.choice((1, 1, 2, 0)),
            category=random.choice(("Salads", "Drinks")),
            is_loyalty=random.random() < 0.3,
            currency=random.choices(("USD", "EUR"), (9, 1))[0],
        )
        return [first] + [replace(first, line=f"l{n}", price="4") for n in range(2, random.randint(2, 4))]

    def _known_lines(self, random: Random, most: int) -> list[OrderLine]:
        known = [line for name in sorted(self._files) for line in self._files[name].lines]
        return random.sample(known, min(most, len(known)))


def _changed(random: Random, line: OrderLine) -> OrderLine:
    changes: list[Callable[[OrderLine], OrderLine]] = [
        lambda old: replace(old, price=random.choice(("1", "99.99", "-1"))),
        lambda old: replace(old, customer=random.choice(CUSTOMERS)),
        lambda old: replace(old, place=random.choice(PLACES)),
        lambda old: replace(old, time=old.time + timedelta(hours=random.choice((-40, -5, 3, 50, 800)))),
        lambda old: replace(old, app=random.choice(APPS)),
        lambda old: replace(old, is_loyalty=not old.is_loyalty),
        lambda old: replace(old, currency=random.choice(("USD", "EUR"))),
    ]
    return random.choice(changes)(line)


def _without_one(random: Random, rows: list[Row]) -> list[Row]:
    if not rows or random.random() < 0.5:
        return list(rows)
    gone = random.randrange(len(rows))
    return rows[:gone] + rows[gone + 1 :]


def _options(random: Random, lines: list[OrderLine]) -> list[Cells]:
    rows = []
    for line in lines:
        for _ in range(random.randint(0, 2)):
            group, name, price = random.choice(
                (
                    ("Extras", "Cheese", "1.5"),
                    ("Deals", "Voucher", "-2"),
                    ("Deals", "", "-0.005"),
                    ("", "Free", "0"),
                )
            )
            rows += [[line.order, line.line, group, name, price, "1"]] * random.choice((1, 1, 2))
    return rows


STEPS: dict[str, Callable[[Company, Random], None]] = {
    "new_day": Company.new_day,
    "late_lines": Company.late_lines,
    "options_first": Company.options_first,
    "corrected_file": Company.corrected_file,
    "withdrawn_file": Company.withdrawn_file,
    "second_delivery": Company.second_delivery,
    "empty_day": Company.empty_day,
    "skipped_month": Company.skipped_month,
    "run": Company.run,
    "run_cut_off": Company.run_cut_off,
    "run_disturbed": Company.run_disturbed,
}

# Half days change in the second daily run and stay in the third one, then the past changes.
RUNS_WITH_ESTIMATES = [
    *[step for n in range(7) for step in (("skipped_month", 0), ("new_day", n), ("new_day", n + 1))],
    *[("run", 0), ("new_day", 3), ("run", 0), ("new_day", 4), ("run", 0)],
    *[("late_lines", 5), ("run", 0), ("withdrawn_file", 6), ("run", 0), ("run", 0)],
]
