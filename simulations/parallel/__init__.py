"""Runs on all cores, or on several machines. What comes of it is the same for any of them."""

from simulations.parallel.crew import crew
from simulations.parallel.jobs import (
    Batch,
    Crew,
    Job,
    Keep,
    Standing,
    Told,
    opened,
    replicate,
    whole,
)

__all__ = [
    "Batch",
    "Crew",
    "Job",
    "Keep",
    "Standing",
    "Told",
    "crew",
    "opened",
    "replicate",
    "whole",
]
