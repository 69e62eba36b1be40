"""Looking at the database: how far its tables are, whether our keys are its, and who works on it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import make_url

from hotline.operations.checkup.account_seen import NotSeen
from hotline.operations.checkup.machine_seen import DatabaseSeen
from hotline.operations.transaction import Application, Transaction
from hotline.store.database import Newer, StoreError, Unsealable
from hotline.store.migrations import migrate
from hotline.store.upkeep import canary, heartbeats


def database(application: Application) -> DatabaseSeen:
    """Only looks. Never raises: what can't be seen is said so."""
    url = application.settings.database_url.get_secret_value()
    kind, head = make_url(url).get_backend_name(), migrate.newest()
    try:
        revision = migrate.current(url)
        if revision is None:
            return DatabaseSeen(kind, None, head)
        migrate.make_sure(url)
    except Newer as found:
        return DatabaseSeen(kind, str(found), head, newer=True)
    except StoreError as error:
        return DatabaseSeen(kind, NotSeen(str(error) or type(error).__name__), head)
    try:
        beats = application.look(_beats)
    except Unsealable:
        return DatabaseSeen(kind, revision, head, keys_fit=False)
    except StoreError:
        return DatabaseSeen(kind, revision, head)
    return DatabaseSeen(kind, revision, head, keys_fit=True, beats=beats)


def _beats(transaction: Transaction) -> dict[str, datetime]:
    canary.listen(transaction.tx)
    return heartbeats.last(transaction.tx)
