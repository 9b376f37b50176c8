"""`python -m simulations.swarm [--seeds N] [--first N]`: leaves with 1 if anything was wrong."""

from __future__ import annotations

import sys

import cyclopts

from simulations.swarm.command import swarm

if __name__ == "__main__":
    app = cyclopts.App(name="swarm", help="Random small worlds with random faults.")
    app.default(swarm)
    failed = app(result_action="return_value")
    sys.exit(1 if failed else 0)
