"""Why nothing can be published to a broker as it is, in one line that says how to mend it."""

from collections.abc import Mapping
from typing import ClassVar

from adapters.fault import Fault


class BrokerFault(Fault):
    messages: ClassVar[Mapping[str, str]] = {
        "broker.no-client": (
            "The client of NATS is not installed ({reason}). Install it with: python3 -m uv sync --extra nats"
        ),
        "broker.no-address": (
            "{origin} is no address of a NATS server. Write it as tls://host:4222 or nats://host:4222, several with "
            "commas, and the signs %, @, : and / of a password as %25, %40, %3A and %2F."
        ),
        "broker.file-unusable": "{file} cannot be used ({reason}). Name {what}.",
        "broker.no-tls": (
            "NATS at {servers} offers no TLS, so nothing was sent to it. Turn TLS on there, or, in a network that you "
            "trust, write nats:// for tls://."
        ),
        "broker.certificate": (
            "The certificate of NATS at {servers} does not hold ({reason}). Name the authority that signed it with "
            "--ca, and the server as its certificate does."
        ),
        "broker.credentials": (
            "NATS at {servers} does not let this program in. See to the credentials in POBRATIM_NATS_URL or "
            "--credentials."
        ),
        "broker.not-allowed": (
            "NATS at {servers} forbids what has to be done ({reason}). Allow this user to publish to {prefix}.> and "
            "$JS.API.STREAM.*.{stream}, $JS.API.STREAM.MSG.GET.{stream}, and to read its own _INBOX.>."
        ),
        "broker.no-jetstream": (
            "NATS at {servers} keeps no streams for this account ({reason}). Turn JetStream on there: "
            "jetstream {{ store_dir: … }}"
        ),
        "broker.no-stream": (
            "There is no stream {stream} at {servers}. Name one that there is, or let --create make it."
        ),
        "broker.not-made": "The stream {stream} could not be made ({reason}). Name another stream or --subject-prefix.",
        "broker.subjects": (
            "The stream {stream} takes {subjects}, not {prefix}.>. Add that to its subjects, or name another stream "
            "or --subject-prefix."
        ),
        "broker.retention": (
            "The stream {stream} gives away what was read ({retention}), and with it the place to go on from. Name one "
            "with retention “limits”."
        ),
        "broker.no-ack": "The stream {stream} acknowledges nothing (no_ack). Turn that off, or name another stream.",
        "broker.too-large": "NATS at {servers} takes no message as large as {id}. Raise max_payload there.",
    }
