"""Figures are taken to other sizes by what halving has shown, and to money by stated guesses."""

import pytest

from tools.capacity.cost import FAST, MINIMUM_SECONDS, SLOW, Work, capacity_for_an_hour, seconds, unit_hours
from tools.capacity.growth import growth, power
from tools.capacity.samples import Size

SIZE = Size(restaurants=2, days=730, lines=600)


@pytest.mark.parametrize(
    ("whole", "half", "expected"),
    [(100, 50, 1), (100, 25, 2), (100, 99, 0), (100, 85, 1), (100, 87.5, 0), (7, 0, 1), (0, 0, 0), (0, 5, 0)],
)
def test_a_power_is_a_whole_one_and_rather_too_large(whole: float, half: float, expected: int) -> None:
    assert power(whole, half, most=2) == expected


def test_a_figure_grows_with_restaurants_once_and_with_the_square_of_days() -> None:
    month_ends = growth(SIZE, 1000, half_restaurants=500, half_days=250)
    assert month_ends.at(Size(restaurants=50, days=1460, lines=600)) == 1000 * 25 * 4
    assert month_ends.words == "restaurants and days²"


def test_no_figure_grows_faster_than_restaurants() -> None:
    assert growth(SIZE, 40, half_restaurants=10, half_days=40).restaurants == 1


def test_what_does_not_grow_stays() -> None:
    cells = growth(SIZE, 133, half_restaurants=133, half_days=130)
    assert cells.at(Size(restaurants=5000, days=1461, lines=600)) == 133
    assert cells.words == "nothing"


def test_a_daily_run_is_billed_a_minute_at_least_and_all_that_it_does() -> None:
    nothing = Work(statements=0, read_bytes=0, moved_rows=0, written_rows=0)
    assert seconds(nothing, FAST) == MINIMUM_SECONDS
    work = Work(statements=1000, read_bytes=5e9, moved_rows=2e7, written_rows=5e6)
    assert seconds(work, SLOW) == pytest.approx(300 + 10 + 10 + 10)
    assert unit_hours(3600) == 8


def test_more_capacity_does_not_shorten_the_statements() -> None:
    assert capacity_for_an_hour(busy=3000, waiting=600) == 8
    assert capacity_for_an_hour(busy=600 + 2 * 3000 + 1, waiting=600) == 24
