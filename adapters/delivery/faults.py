"""Why deliveries stand still here, in one line that says how to mend it."""

from collections.abc import Mapping
from typing import ClassVar

from adapters.fault import Fault


class DeliveryFault(Fault):
    messages: ClassVar[Mapping[str, str]] = {
        "delivery.no-folder": (
            "Secrets of subscriptions are sealed with a key in the data folder, and none is set. Set POBRATIM_DATA_DIR."
        ),
        "delivery.key-unreadable": "{file} cannot be read or written ({reason}). Let the program read and write it.",
        "delivery.key-damaged": "{file} holds no key of 32 bytes. Put it back from a backup.",
        "delivery.key-gone": (
            "{file}, with which secrets of subscriptions were sealed, is not here. Put it back from a backup; where it "
            "is lost, give each subscription a new secret: pobratim subscription rotate CODE --lost"
        ),
        "delivery.other-key": (
            "A secret was sealed with another key than {file}. Put the right one back from a backup; where it is lost, "
            "give the subscription a new secret: pobratim subscription rotate CODE --lost"
        ),
        "delivery.address": "Nothing may be delivered to {address} by this installation. Change the address of {name}.",
        "delivery.secret-missing": (
            "A secret is not in the database. Give the subscription a new one: pobratim subscription rotate CODE --lost"
        ),
    }
