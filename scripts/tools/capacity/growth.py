"""What a figure grows with, found by halving, and what it is at other sizes."""

import math
from dataclasses import dataclass

from tools.capacity.samples import Size

# A figure that grows by more than this beyond a whole power is taken to grow with the next one.
_TOLERANCE = 0.2
# Nothing here pairs restaurants with each other; month ends of all customers do grow with the square of days.
_MOST_BY_RESTAURANTS, _MOST_BY_DAYS = 1, 2


@dataclass(frozen=True)
class Growth:
    """A figure at one size, and the powers of restaurants and days that it grows with.

    Attributes:
        size: at which it was measured.
        measured: the figure.
        restaurants: power of the number of restaurants.
        days: power of the length of history.
    """

    size: Size
    measured: float
    restaurants: int
    days: int

    def at(self, size: Size) -> float:
        """The figure at another size with the same number of lines a day."""
        by_restaurants = (size.restaurants / self.size.restaurants) ** self.restaurants
        by_days = (size.days / self.size.days) ** self.days
        return self.measured * by_restaurants * by_days

    @property
    def words(self) -> str:
        """What it grows with."""
        powers = {"restaurants": self.restaurants, "days": self.days}
        parts = [name + ("²" if power == _MOST_BY_DAYS else "") for name, power in powers.items() if power]
        return " and ".join(parts) or "nothing"


def power(whole: float, half: float, most: int) -> int:
    """The power by which a figure grows, rather too large than too small.

    Args:
        whole: the figure at a size.
        half: the figure at half of it.
        most: the highest power there can be.
    """
    if whole <= 0:
        return 0
    if half <= 0:
        return 1
    return min(most, max(0, math.ceil(math.log2(whole / half) - _TOLERANCE)))


def growth(size: Size, whole: float, half_restaurants: float, half_days: float) -> Growth:
    """What a figure grows with.

    Args:
        size: of the sample that it was measured at.
        whole: the figure there.
        half_restaurants: the figure with half as many restaurants.
        half_days: the figure with half as long a history.
    """
    by_restaurants = power(whole, half_restaurants, _MOST_BY_RESTAURANTS)
    return Growth(size, whole, by_restaurants, power(whole, half_days, _MOST_BY_DAYS))
