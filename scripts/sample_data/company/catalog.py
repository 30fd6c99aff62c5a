"""The made-up franchise's menu, options, discounts and apps: constants only.

The shape follows the real export: 45 categories of which one is blank, three apps of which one is a test app,
item names with commas, quotes, apostrophes and line breaks, two thirds of the options free.
"""

from __future__ import annotations

from dataclasses import dataclass

APPS = ("Online Ordering", "Kiosk", "Sandbox")
APP_SHARES = (0.72, 0.277, 0.003)
"""`Sandbox` is the test app: 0.3 % of orders."""

TIMEZONE = "America/New_York"
CURRENCIES = ("USD", "usd", "EUR")
"""A clean sample uses the first only."""

_MENU = r"""
Sandwiches|725-1150|Turkey Club;Ham & Swiss;Italian "Hero";B.L.T.;Chicken Salad, Toasted;Reuben;Chef's Special
Hot Subs|795-1295|Meatball Sub;Philly Cheesesteak;Chicken Parm, "Nonna's";Sausage & Peppers;Pulled Pork
Cold Subs|695-1095|Italian Sub;Turkey Sub;Veggie Sub;Roast Beef Sub;Ham Sub
Drip Coffee|225-375|House Blend;Dark Roast;Decaf;Hazelnut
Espresso Drinks|295-575|Espresso;Cappuccino;Caffe Latte;Flat White;Mocha;Caramel Latte, Iced
Bagels|195-395|Plain Bagel;Everything Bagel;Sesame Bagel;Cinnamon "Swirl" Bagel;Bagel w/ Lox Spread
Breakfast Sandwiches|450-795|Bacon, Egg & Cheese;Sausage, Egg & Cheese;Egg White Wrap;Farmer's Muffin
Salads|795-1295|Caesar Salad;Cobb Salad;Greek Salad;Garden Salad;Chef's Salad;Kale, Apple & Walnut
Wraps|745-1095|Buffalo Chicken Wrap;Chicken Caesar Wrap;Falafel Wrap;Turkey Avocado Wrap
Soups|425-695|Tomato Bisque;Chicken Noodle;Broccoli Cheddar;Soup of the Day
Sides|175-495|Potato Chips;Coleslaw;Pickle, Whole;Potato Salad;Mac "n" Cheese
Fountain Drinks|195-295|Cola;Diet Cola;Lemon-Lime;Root Beer;Unsweetened Tea
Bottled Drinks|225-395|Spring Water;Sparkling Water;Orange Juice;Apple Juice;Kombucha
Cookies|150-325|Chocolate Chip;Oatmeal Raisin;Peanut Butter;Baker's Dozen
Burgers|895-1395|Classic Burger;Cheeseburger;Bacon Burger;Veggie Burger;"Big" Double
Paninis|845-1095|Caprese Panini;Cuban Panini;Chicken Pesto Panini
Pizza|995-1995|Margherita;Pepperoni;White Pie;Half & Half, 12"
Kids' Meals|495-695|Kids' Grilled Cheese;Kids' Pasta;Kids' Nuggets
Smoothies|525-725|Strawberry Banana;Mango Sunrise;Green Machine
Teas|225-450|Earl Grey;Green Tea;Chai Latte;Peppermint
Iced Coffee|295-475|Cold Brew;Iced House Blend;Nitro
Muffins|250-395|Blueberry Muffin;Corn Muffin;Bran Muffin
Donuts|150-295|Glazed;Jelly;Boston Cream;Half Dozen, Mixed
Croissants|295-450|Butter Croissant;Almond Croissant;Ham & Cheese Croissant
Omelettes|795-1095|Western Omelette;Spinach & Feta Omelette;Egg White Omelette
Pancakes & Waffles|695-1095|Buttermilk Pancakes;Belgian Waffle;Silver Dollars
Bowls|895-1295|Burrito Bowl;Grain Bowl;Teriyaki Bowl
Tacos|395-1095|Carnitas Taco;Fish Taco;Three Tacos, Mixed
Quesadillas|695-995|Cheese Quesadilla;Chicken Quesadilla
Wings|895-1895|6 Wings;12 Wings;24 Wings, "Game Day"
Fries|325-595|Fries;Sweet Potato Fries;Loaded Fries
Pasta|995-1495|Baked Ziti;Penne alla Vodka;Spaghetti & Meatballs
Entrees|1295-1995|Grilled Salmon;Roast Chicken;Meatloaf, Mom's
Desserts|395-695|Cheesecake;Carrot Cake;Brownie;Rice Pudding
Ice Cream|295-595|Vanilla Scoop;Chocolate Scoop;Sundae
Milkshakes|495-695|Vanilla Shake;Chocolate Shake;Black & White Shake
Beer|495-795|Lager;IPA;Stout
Wine|695-995|House Red;House White
Catering Trays|3495-8995|Sandwich Tray, Serves 10;Salad Tray;Cookie Tray;Fruit Platter
Boxed Lunches|1195-1595|Box Lunch "Classic";Box Lunch "Deluxe";Vegan Box
Grocery|395-1495|Loaf of Rye;Pound of Coffee;Jar of Pickles
Seasonal|395-895|Pumpkin Latte;Peppermint Mocha;Summer Berry Salad
Gift Cards|1000-5000|Gift Card $10;Gift Card $25;Gift Card $50
Merchandise|995-2495|Travel Mug;Tote Bag;T-Shirt, "Since '98"
|95-495|Open Item;Bag Fee;Special\nInstructions;Family Bundle\n(see board)
"""


@dataclass(frozen=True)
class Discount:
    """A named discount, written as an option with a negative price.

    Attributes:
        group, name: option group and option name.
        percent: whole percent off each line of the order; 0 when `cents` is used.
        cents: fixed amount off the order's first line, never beyond its price; 0 when `percent` is used.
        start: where in the period it begins, as a share of the period's days.
        days: how long it runs; 0 = to the end of the period.
        restaurants: share of the restaurants that take part.
        pull: how much likelier it is than another that runs at the time.
        hours: local hours in which it is given, the second one not included.
    """

    group: str
    name: str
    percent: int = 0
    cents: int = 0
    start: float = 0.0
    days: int = 0
    restaurants: float = 0.5
    pull: float = 1.0
    hours: tuple[int, int] = (0, 24)


DISCOUNTS = (
    Discount("Discount", "Student 10%", percent=10, start=0.12, restaurants=0.8),
    Discount("Discount", "Senior 15%", percent=15, start=0.22, restaurants=0.5),
    Discount("Promotion", "Happy Hour", percent=20, start=0.35, restaurants=0.45, pull=4.0, hours=(14, 17)),
    Discount("Promotion", "Summer Saver 2 off", cents=200, start=0.48, days=75, restaurants=0.6, pull=4.0),
    Discount("Promotion", "Free Drip Coffee", cents=275, start=0.58, days=90, restaurants=0.4, pull=4.0),
    Discount("Discount", "App Welcome 5 off", cents=500, start=0.66, restaurants=0.7),
    Discount("Promotion", "Half Price Weeks", percent=50, start=0.76, days=60, restaurants=0.3, pull=4.0),
    Discount("Discount", "Employee 25%", percent=25, start=0.84, restaurants=0.9),
)

_OPTIONS = """
Veggies|0|Lettuce;Tomato;Onion;Pickles;Cucumber;Green Peppers;Hot Peppers
Bread|0|White Roll;Whole Wheat;Rye;Gluten Free, 100%
Sauce|0|Mayo;Mustard;Oil & Vinegar;Chef's "Secret" Sauce
Preparation|0|Toasted;Cut in Half;No Salt
Milk|0|Whole Milk;Skim Milk;Half & Half
Milk|75|Oat Milk;Almond Milk
Extras|150|Bacon;Extra Egg
Extras|225|Avocado;Double Meat
Cheese|100|Swiss;Provolone;Cheddar
Size|50|Large
"""


def _rows(block: str) -> list[list[str]]:
    return [line.split("|") for line in block.strip("\n").split("\n")]


def _menu() -> tuple[list[str | None], list[str], list[int], list[int]]:
    categories: list[str | None] = []
    names: list[str] = []
    of_item: list[int] = []
    prices: list[int] = []
    for number, (category, span, items) in enumerate(_rows(_MENU)):
        low, high = map(int, span.split("-"))
        listed = [item.replace("\\n", "\n") for item in items.split(";")]
        categories.append(category or None)
        names += listed
        of_item += [number] * len(listed)
        prices += [low + (high - low) * k // max(1, len(listed) - 1) for k in range(len(listed))]
    return categories, names, of_item, prices


CATEGORIES, ITEMS, CATEGORY_OF_ITEM, ITEM_CENTS = _menu()
"""45 categories (the last one blank), all items, each item's category number and base unit price in cents."""

OPTIONS = tuple(
    (group, name, int(cents)) for group, cents, names in _rows(_OPTIONS) for name in names.split(";")
)
"""31 options as (group, name, cents), two thirds of them free; 31 is prime, so any stride visits all."""
