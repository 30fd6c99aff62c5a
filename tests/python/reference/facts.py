"""From current rows to the lines and orders that count."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from .cleaning import clean, clean_category, clean_id
from .exact import cents, money
from .inputs import OrderItem, RawTables, Seeds, Settings
from .versions import ChosenOption, CountedOptions, LineKey, counted_options, current_lines

Row = dict[str, object]
Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class Head:
    """What all lines of an order share; dates and hour are local to the location."""

    order_id: str
    customer_id: str | None
    location_id: str
    app_name: str | None
    ordered_at_utc: datetime
    ordered_at_local: datetime
    business_date: date
    order_hour: int
    daypart: str | None
    is_loyalty: bool


@dataclass(frozen=True)
class OptionAmount:
    """What an option adds to its line, in cents."""

    group_name: str | None
    name: str | None
    amount: int


@dataclass(frozen=True)
class Line:
    """A current line; amounts are cents."""

    head: Head
    lineitem_id: str
    currency: str
    item_category: str
    item_name: str | None
    item_quantity: int
    item_amount: int
    options: tuple[OptionAmount, ...]

    @cached_property
    def option_amount(self) -> int:
        """Return what options add to the price."""
        return sum(option.amount for option in self.options if option.amount >= 0)

    @cached_property
    def discount(self) -> int:
        """Return what options take off the price, never negative."""
        return -sum(option.amount for option in self.options if option.amount < 0)

    @property
    def gross(self) -> int:
        """Return revenue before discounts."""
        return self.item_amount + self.option_amount

    @property
    def net(self) -> int:
        """Return revenue after discounts."""
        return self.gross - self.discount


@dataclass(frozen=True)
class Order:
    """An order with its counting lines, at least one; amounts are cents."""

    head: Head
    lines: tuple[Line, ...]

    @cached_property
    def item_quantity(self) -> int:
        """Return the quantity of all lines."""
        return sum(line.item_quantity for line in self.lines)

    @cached_property
    def gross(self) -> int:
        """Return revenue before discounts."""
        return sum(line.gross for line in self.lines)

    @cached_property
    def discount(self) -> int:
        """Return the discounts, never negative."""
        return sum(line.discount for line in self.lines)

    @property
    def net(self) -> int:
        """Return revenue after discounts."""
        return self.gross - self.discount

    @property
    def is_discounted(self) -> bool:
        """Return whether anything was taken off."""
        return self.discount > 0


Sold = Line | Order


@dataclass(frozen=True)
class Facts:
    """The orders that count, and what was left out up to the as-of date (None: there is none)."""

    as_of: date | None
    orders: list[Order]
    other_currency_lines: list[Line]
    excluded_app_lines: list[Line]
    superseded_lines: int
    duplicate_options: int
    replaced_option_sets: int
    orphan_options: int

    @property
    def span(self) -> tuple[date, date] | None:
        """Return the first business date of the data and the as-of date; None without an order."""
        if self.as_of is None or not self.orders:
            return None
        return min(order.head.business_date for order in self.orders), self.as_of


Grouped = TypeVar("Grouped")
Group = TypeVar("Group", bound=Hashable)


def group_by(rows: Iterable[Grouped], key: Callable[[Grouped], Group]) -> dict[Group, list[Grouped]]:
    """Return rows in lists by a key, in the order they came."""
    groups: dict[Group, list[Grouped]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def totals(sold: Iterable[Sold]) -> Row:
    """Return the four summed columns that every sales mart has."""
    rows = list(sold)
    return {"item_quantity": sum(row.item_quantity for row in rows), **revenue_columns(rows)}


def revenue_columns(sold: Iterable[Sold]) -> Row:
    """Return gross, discount and net as money."""
    rows = list(sold)
    return {
        "gross_revenue": money(sum(row.gross for row in rows)),
        "discount_amount": money(sum(row.discount for row in rows)),
        "net_revenue": money(sum(row.net for row in rows)),
    }


def location_name(location_id: str, seeds: Seeds) -> str:
    """Return the seed's name of a location, or its id."""
    seed = seeds.locations.get(location_id)
    return (seed.location_name if seed else None) or location_id


def location_timezone(location_id: str, settings: Settings, seeds: Seeds) -> str:
    """Return the seed's timezone of a location, or the default one."""
    seed = seeds.locations.get(location_id)
    return (seed.timezone if seed else None) or settings.default_timezone


def order_heads(lines: dict[LineKey, OrderItem], settings: Settings, seeds: Seeds) -> dict[str, Head]:
    """Return each order's head, from its earliest current line of any currency."""
    orders: dict[str, list[tuple[datetime, str, OrderItem]]] = defaultdict(list)
    for (order_id, lineitem_id), row in lines.items():
        orders[order_id].append((row.creation_time_utc, lineitem_id, row))
    return {
        order_id: _head(
            order_id,
            min(rows, key=lambda row: row[:2])[2],
            any(row.is_loyalty for _, _, row in rows),
            settings,
            seeds,
        )
        for order_id, rows in orders.items()
    }


def _head(order_id: str, row: OrderItem, is_loyalty: bool, settings: Settings, seeds: Seeds) -> Head:
    location_id = clean_id(row.restaurant_id)
    zone = ZoneInfo(location_timezone(location_id, settings, seeds))
    local = row.creation_time_utc.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    return Head(
        order_id=order_id,
        customer_id=clean(row.user_id),
        location_id=location_id,
        app_name=clean(row.app_name),
        ordered_at_utc=row.creation_time_utc,
        ordered_at_local=local,
        business_date=(local - timedelta(hours=settings.business_day_start_hour)).date(),
        order_hour=local.hour,
        daypart=seeds.dayparts.get(local.hour),
        is_loyalty=is_loyalty,
    )


def _option(option: ChosenOption, item_quantity: int, settings: Settings) -> OptionAmount:
    units = item_quantity if settings.option_price_basis == "per_unit" else 1
    return OptionAmount(option.group_name, option.name, cents(option.price, option.quantity, units))


def _line(
    row: OrderItem, key: LineKey, head: Head, chosen: set[ChosenOption], settings: Settings, seeds: Seeds
) -> Line:
    units = row.item_quantity if settings.item_price_basis == "unit" else 1
    return Line(
        head=head,
        lineitem_id=key[1],
        currency=row.currency,
        item_category=clean_category(row.item_category, seeds.menu_category_corrections),
        item_name=clean(row.item_name),
        item_quantity=row.item_quantity,
        item_amount=cents(row.item_price, units),
        options=tuple(_option(option, row.item_quantity, settings) for option in chosen),
    )


def _all_lines(
    current: dict[LineKey, OrderItem], options: CountedOptions, settings: Settings, seeds: Seeds
) -> list[Line]:
    heads = order_heads(current, settings, seeds)
    return [
        _line(row, key, heads[key[0]], options.by_line.get(key, set()), settings, seeds)
        for key, row in current.items()
    ]


def _up_to(lines: list[Line], as_of: date | None) -> list[Line]:
    return [line for line in lines if as_of is not None and line.head.business_date <= as_of]


def build_facts(raw: RawTables, settings: Settings, seeds: Seeds) -> Facts:
    """Put every current line where it belongs, the first of these that fits.

    In another currency, of an excluded app, after the as-of date, in the facts.
    """
    current = current_lines(raw.order_items)
    options = counted_options(raw.order_item_options)
    lines = _all_lines(current, options, settings, seeds)
    places = group_by(lines, lambda line: _place(line, settings, seeds))
    latest = max((line.head.business_date for line in places.get("counts", [])), default=None)
    as_of = settings.as_of_date or latest
    counted = group_by(_up_to(places.get("counts", []), as_of), lambda line: line.head.order_id)
    return Facts(
        as_of=as_of,
        orders=[Order(lines[0].head, tuple(lines)) for lines in counted.values()],
        other_currency_lines=_up_to(places.get("other_currency", []), as_of),
        excluded_app_lines=_up_to(places.get("excluded_app", []), as_of),
        superseded_lines=len(raw.order_items) - len(current),
        duplicate_options=options.duplicates,
        replaced_option_sets=options.replaced_sets,
        orphan_options=options.orphans(current),
    )


def _place(line: Line, settings: Settings, seeds: Seeds) -> str:
    if line.currency != settings.reporting_currency:
        return "other_currency"
    return "excluded_app" if line.head.app_name in seeds.excluded_apps else "counts"
