"""Small raw rows for tests: short to write where the values do not matter, and a random company."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

from .inputs import OrderItem, OrderItemOption, RawTables, Seeds

NOON = datetime(2024, 5, 15, 16, 0)


def item(
    order_id: str = "o1",
    lineitem_id: str = "l1",
    price: str = "10.00",
    *,
    when: datetime = NOON,
    customer: str | None = "c1",
    location: str = "r1",
    app: str | None = "web",
    category: str | None = "Coffee",
    name: str | None = "Latte",
    quantity: int = 1,
    currency: str = "USD",
    is_loyalty: bool = False,
    load: int = 1,
    row: int = 1,
) -> OrderItem:
    """Return an order line at noon in New York, unless told otherwise; the time is UTC."""
    return OrderItem(
        source_row_number=row,
        load_id=load,
        app_name=app,
        restaurant_id=location,
        creation_time_utc=when,
        order_id=order_id,
        user_id=customer,
        is_loyalty=is_loyalty,
        currency=currency,
        lineitem_id=lineitem_id,
        item_category=category,
        item_name=name,
        item_price=Decimal(price),
        item_quantity=quantity,
    )


def option(
    order_id: str = "o1",
    lineitem_id: str = "l1",
    price: str = "1.00",
    *,
    group: str | None = "Milk",
    name: str | None = "Oat",
    quantity: int = 1,
    load: int = 2,
    row: int = 1,
) -> OrderItemOption:
    """Return an option row."""
    return OrderItemOption(
        source_row_number=row,
        load_id=load,
        order_id=order_id,
        lineitem_id=lineitem_id,
        option_group_name=group,
        option_name=name,
        option_price=Decimal(price),
        option_quantity=quantity,
    )


def order_on(day: date, order_id: str, price: str = "10.00", **rest: str) -> OrderItem:
    """Return an order of one line at noon in New York (16:00 or 17:00 UTC) of a day."""
    customer, location = rest.get("customer", "c1"), rest.get("location", "r1")
    when = datetime.combine(day, NOON.time())
    return item(order_id, f"{order_id}-1", price, when=when, customer=customer, location=location)


def random_company(seed: int = 1, orders: int = 300) -> RawTables:
    """Return a company of many ties: few customers, few prices, whole days, some of everything odd."""
    chance = random.Random(seed)
    raw = RawTables()
    for number in range(orders):
        when = datetime(2023, 11, 20, 3) + timedelta(days=chance.randrange(400), hours=chance.randrange(24))
        customer = chance.choice([None, "excluded", *(f"c{one}" for one in range(30))])
        location, is_loyalty = chance.choice(["r1", "r2", "r3"]), chance.random() < 0.2
        app = chance.choice(["web", "web", "app", "test"])
        for line in range(chance.randint(1, 3)):
            raw.order_items.append(
                item(
                    f"o{number}",
                    f"l{line}",
                    chance.choice(["5.00", "7.25", "7.25", "-1.005"]),
                    when=when,
                    customer=customer,
                    location=location,
                    app=app,
                    category=chance.choice(["Coffee", " Tea", None]),
                    currency=chance.choice(["USD"] * 9 + ["EUR"]),
                    is_loyalty=is_loyalty,
                    row=len(raw.order_items) + 1,
                )
            )
            if chance.random() < 0.4:
                price = chance.choice(["0.50", "-1.00", "-0.335"])
                raw.order_item_options.append(option(f"o{number}", f"l{line}", price))
    return raw


def random_seeds() -> Seeds:
    """Return the seeds of the random company."""
    return Seeds(
        excluded_apps=frozenset({"test"}),
        excluded_customers=frozenset({"excluded"}),
        menu_category_costs={"Coffee": Decimal("0.2250")},
    )
