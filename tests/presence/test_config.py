from __future__ import annotations

from pathlib import Path

import pytest

from router.config.mqtt import mqtt_secret
from router.errors import ConfigError
from tests.config.trees import Tree


def with_broker(folder: Path, *lines: str) -> Tree:
    tree = Tree(folder)
    main = tree.path.read_text(encoding="utf-8")
    tree.path.write_text("\n".join([main, "[mqtt]", *lines, ""]), encoding="utf-8")
    return tree


def test_without_the_table_no_app_is_heard(tmp_path: Path) -> None:
    assert Tree(tmp_path).load().mqtt is None


def test_a_broker_needs_no_more_than_its_name(tmp_path: Path) -> None:
    mqtt = with_broker(tmp_path, 'host = "broker.example"').load().mqtt
    assert mqtt is not None
    assert (mqtt.port, mqtt.username, mqtt.ca_file) == (8883, "decroche", None)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([], "decroche.toml: mqtt.host: missing"),
        (
            ['host = "x"', 'username = "anne"'],
            "decroche.toml: mqtt.username: a listener is named 'anne': take another",
        ),
        (
            ['host = "x"', 'password = "x"'],
            "decroche.toml: mqtt.password: unknown key; was 'password_file' meant?",
        ),
        (
            ['host = "x"', "port = 0"],
            "decroche.toml: mqtt.port: expected a port from 1 to 65535, got 0",
        ),
    ],
)
def test_a_bad_table_is_told_where_and_what(tmp_path: Path, lines: list[str], problem: str) -> None:
    assert with_broker(tmp_path, *lines).problems() == [problem]


def test_the_password_is_never_in_the_config(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DECROCHE_MQTT_SECRET", raising=False)
    mqtt = with_broker(tmp_path, 'host = "x"').load().mqtt
    assert mqtt is not None
    with pytest.raises(ConfigError, match="DECROCHE_MQTT_SECRET"):
        mqtt_secret(mqtt).load()
