"""Prints what is recorded, and goes on where it stopped: POBRATIM_TOKEN=… python follow.py http://127.0.0.1:8000"""

import os
import sys

from pobratim_client import Client, FileCursor

with FileCursor("follow.cursor") as cursor, Client(sys.argv[1], os.environ["POBRATIM_TOKEN"]) as pobratim:
    for batch in pobratim.follow(cursor.load()):
        for event in batch.events:
            print(event.id, event.time, event.subject, event.type, flush=True)
        cursor.keep(batch)
