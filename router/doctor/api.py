"""Whether the site can ask for call-backs over HTTP."""

from __future__ import annotations

from router.config.api_tables import Api
from router.doctor.finding import Verdict, fail, fine
from router.doctor.page import page_of
from router.errors import ConfigError
from router.web.api.openapi import SPEC_PATH
from router.web.server import check_port


def check_api(api: Api) -> Verdict:
    """See whether a daemon answers on the port, or whether it is free for one."""
    clients = ", ".join(api.clients)
    if b'"decroche"' in (page_of(api.port, SPEC_PATH) or b""):
        return fine(f"answers {clients} on port {api.port}")
    try:
        check_port(api.port)
    except ConfigError as error:
        return fail(str(error), "see who has it by: ss -ltnp; or choose another port under [api]")
    return fine(f"port {api.port} is free for it; tokens of {clients}")
