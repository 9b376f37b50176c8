"""What the doctor says of the broker and of the API, where a site has them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from router.config.api_tables import Api, ApiClient
from router.config.mqtt_tables import Mqtt
from router.doctor.api import check_api
from router.doctor.broker import check_broker
from tests.doctor.house import House
from tests.doctor.page_server import page_server
from tests.presence.broker import HOST, ROUTER, Broker, password_of, require_mosquitto
from tests.testbed.ami import Account
from tests.testbed.testbed import free_port

NOBODY = Account(1, "decroche", "s" * 20)
CLIENTS = {"site": ApiClient("0" * 64)}


@pytest.fixture
def broker_at(tmp_path: Path) -> Callable[[Broker, str], Mqtt]:
    """Give what makes our table for a broker, with this password."""

    def table(broker: Broker, password: str) -> Mqtt:
        path = tmp_path / "mqtt.secret"
        path.write_text(password)
        path.chmod(0o600)
        return Mqtt(HOST, broker.port, ROUTER, path, broker.ca_file)

    return table


@pytest.fixture
def broker(tmp_path: Path) -> Broker:
    require_mosquitto()
    (tmp_path / "broker").mkdir()
    return Broker(tmp_path / "broker", ("anne",))


def test_a_broker_that_lets_us_in_is_well(
    broker: Broker, broker_at: Callable[[Broker, str], Mqtt]
) -> None:
    with broker:
        verdict = check_broker(broker_at(broker, password_of(ROUTER)), free_port())
    assert (verdict.mark, verdict.mend) == ("ok", "")


def test_a_broker_that_knows_another_password_refuses_us_and_ours_is_not_shown(
    broker: Broker, broker_at: Callable[[Broker, str], Mqtt]
) -> None:
    with broker:
        verdict = check_broker(broker_at(broker, "opensesame-opensesame"), free_port())
    assert verdict.mark == "failed"
    assert "refused as decroche" in verdict.detail
    assert "mosquitto_passwd" in verdict.mend
    assert "opensesame" not in repr(verdict)


def test_a_broker_whose_certificate_nobody_vouches_for_is_not_spoken_with(
    broker: Broker, broker_at: Callable[[Broker, str], Mqtt]
) -> None:
    table = broker_at(broker, password_of(ROUTER))
    with broker:
        stranger = Mqtt(table.host, table.port, table.username, table.password_file, None)
        verdict = check_broker(stranger, free_port())
    assert verdict.mark == "failed"
    assert "CERTIFICATE_VERIFY_FAILED" in verdict.detail
    assert "ca_file" in verdict.mend


def test_a_broker_that_is_not_there_is_told(
    broker: Broker, broker_at: Callable[[Broker, str], Mqtt]
) -> None:
    verdict = check_broker(broker_at(broker, password_of(ROUTER)), free_port())
    assert verdict.mark == "failed"
    assert "start the broker" in verdict.mend


def test_a_daemon_that_is_logged_in_is_not_parted_from_its_broker(
    broker: Broker, broker_at: Callable[[Broker, str], Mqtt]
) -> None:
    metrics = 'decroche_broker_connected{broker="mqtt"} 1.0\n'
    with page_server("/metrics", metrics) as port:
        # The broker is not even asked: it does not run.
        verdict = check_broker(broker_at(broker, password_of(ROUTER)), port)
    assert verdict.mark == "ok"
    with page_server("/metrics", metrics.replace("1.0", "0.0")) as port:
        assert check_broker(broker_at(broker, password_of(ROUTER)), port).mark == "failed"


def test_an_api_whose_port_is_free_or_ours_is_well_and_not_one_that_another_has() -> None:
    assert check_api(Api(CLIENTS, free_port())).mark == "ok"
    with page_server("/v1/openapi.json", '{"info": {"title": "decroche"}}') as port:
        assert check_api(Api(CLIENTS, port)).mark == "ok"
    with page_server("/", "somebody else's") as port:
        verdict = check_api(Api(CLIENTS, port))
    assert verdict.mark == "failed"
    assert "ss -ltnp" in verdict.mend


def test_what_a_site_has_is_looked_at_and_no_more(house: House) -> None:
    house.at(NOBODY)
    assert not {"broker", "API"} & house.findings().keys()
    house.change("[pools]", f'[mqtt]\nhost = "{HOST}"\nport = {free_port()}\n[pools]')
    findings = house.findings()
    assert "MQTT secret: expected the credential decroche.mqtt" in findings["secrets"].detail
    assert findings["broker"].mark == "not checked"
    house.keep("mqtt", "m" * 40)
    house.change("[mqtt]", '[mqtt]\npassword_file = "mqtt.secret"')
    assert house.findings()["broker"].mark == "failed"
    assert house.findings()["secrets"].ok
