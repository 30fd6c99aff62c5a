"""The stand-in, for one engine of the two."""

from tests.python.support.stand_in_fixtures import running_stand_in as running_stand_in
