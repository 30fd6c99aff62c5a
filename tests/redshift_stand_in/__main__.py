"""Start the stand-in by hand: ``PYTHONPATH=tests python -m redshift_stand_in``.

Prints the environment for the loader and dbt as ``export NAME=value`` lines, and stops on Ctrl-C or SIGTERM.
"""

import shlex
import signal
import threading

from .stand_in import StandIn


def main() -> None:
    """Run until told to stop."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with StandIn() as stand_in:
        for name, value in {"WAREHOUSE_TARGET": "redshift", **stand_in.environment()}.items():
            print(f"export {name}={shlex.quote(value)}", flush=True)
        stop.wait()


main()
