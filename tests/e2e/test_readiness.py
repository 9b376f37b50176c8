"""Ready means that calls are routed: what watches the daemon sends callers by that word."""

from __future__ import annotations

from tests.e2e.service import Service
from tests.testbed.testbed import free_port


def test_a_daemon_that_starts_again_is_not_ready_by_the_link_of_the_one_before(
    service: Service,
) -> None:
    service.start()
    service.kill()
    service.ami_port = free_port()
    service.start(wait=False)
    looks = []
    while not service.log_lines("ami_unreachable"):
        looks.append(service.ready())
    looks.append(service.ready())
    assert not any(looks)
