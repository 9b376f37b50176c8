"""A look at everything the daemon needs, before it is started: `decroche doctor`."""

from router.doctor.finding import Finding, exit_code
from router.doctor.render import render
from router.doctor.run import run

__all__ = ["Finding", "exit_code", "render", "run"]
