"""The stand-in for the tests of itself."""

from tests.python.support.stand_in_fixtures import running_stand_in as running_stand_in
from tests.python.support.stand_in_fixtures import stand_in as stand_in
