"""The commands `decroche promises ...`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from router.config import load
from router.config.places import DEFAULT_CONFIG
from router.config.secret import master_secrets
from router.control import ask_promises
from router.errors import StoreError
from router.store.data_keys import DataKeys, keys_folder
from router.store.master_keys import MasterKeys

promises = App(name="promises", help="Call-backs that are owed, and the numbers kept for them.")
promises.command(ask_promises.add)
promises.command(ask_promises.list_all, name="list")
promises.command(ask_promises.show)
promises.command(ask_promises.retry)
promises.command(ask_promises.give)
promises.command(ask_promises.cancel)


@promises.command
def rotate(
    *,
    config: Annotated[
        Path, Parameter(name=["--config", "-c"], help="The main config file.")
    ] = DEFAULT_CONFIG,
) -> None:
    """Wrap every number's key under the master key in vault_file, those of the one before too.

    The daemon may run meanwhile, once it was restarted with both keys. When this is done, destroy
    the master key before and take vault_before_file out of the config: what was ever wrapped under
    it, on this disk or in a copy of it, is noise then.
    """
    settings = load(config)
    folder = keys_folder(settings.store.state_dir)
    keys = DataKeys(folder, MasterKeys(*master_secrets(settings)))
    try:
        done = keys.rewrap()
    except FileNotFoundError:
        done = 0
    except OSError as error:
        raise StoreError(
            f"{folder}: cannot be written ({error.strerror}); run this as the daemon's user, such "
            "as: runuser -u decroche -- decroche ..."
        ) from error
    print(f"{done} keys wrapped anew")  # noqa: T201 -- the command's own answer
