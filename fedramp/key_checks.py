"""The database's key: a process with another key does not start, so that nothing is lost."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import OperationalError, ProgrammingError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from cases.actors import Actor
from cases.persistence import save

from .crypto import check_values, decrypt, digest, encrypt
from .models import KeyCheck, Pin, QuarantinedFile

ROTATING = Actor.of_job("rotate-keys")
WRONG = (
    "PIN_KEY is not the key of this database: telephone PINs and files that wait would not open. "
    "Set the key that was used before; after a change, name the old one in PIN_KEY_FALLBACKS and "
    "run manage.py rotate_keys. Nothing was changed."
)


def is_wrong(connection: BaseDatabaseWrapper) -> bool:
    """Whether the database names a key that this process does not have. False without tables."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT digest FROM fedramp_keycheck")
            row = cursor.fetchone()
    except (OperationalError, ProgrammingError):
        return False
    return row is not None and row[0] not in check_values()


def write_first(sender: object = None, *, using: str = "default", **kwargs: Any) -> None:
    """After each migrate: store the key's check value. Fails if no key opens the encrypted values.

    Called in the FedRAMP realm only.
    """
    if KeyCheck._meta.db_table not in connections[using].introspection.table_names():
        return
    if KeyCheck.objects.using(using).exists():
        return
    if not _opens(using):
        raise SystemExit(f"supportdesk: {WRONG}")
    KeyCheck.objects.using(using).create(pk=1, digest=check_values()[0])


def _opens(using: str) -> bool:
    """Whether an encrypted value opens; True if there is none."""
    pins = Pin.objects.using(using).order_by("pk")
    files = QuarantinedFile.objects.using(using).select_related("attachment").order_by("pk")
    encrypted = [(pin.sealed, binding_of_pin(pin)) for pin in pins[:20]]
    encrypted += [(held.key, binding_of_file(held)) for held in files[:20]]
    return not encrypted or any(_is_open(bytes(each), bound_to) for each, bound_to in encrypted)


def _is_open(encrypted: bytes, bound_to: str) -> bool:
    try:
        decrypt(encrypted, bound_to=bound_to)
    except ValueError:
        return False
    return True


def binding_of_pin(pin: Pin) -> str:
    return f"{settings.REALM}:{pin.person_id}"


def binding_of_file(held: QuarantinedFile) -> str:
    return f"file:{held.attachment.public_id}"


def rotate(*, now: dt.datetime) -> tuple[int, int, int]:
    """Encrypt PINs and file keys with the current key; returns how many, and how many do not open.

    One transaction, under the lock of each row: PINs do not change, and a value that no key opens
    stays as it is. The database names the current key from then on.
    """
    pins = files = closed = 0
    with transaction.atomic():
        for pin in Pin.objects.select_for_update().order_by("pk"):
            bound_to = binding_of_pin(pin)
            if not _is_open(bytes(pin.sealed), bound_to):
                closed += 1
                continue
            digits = decrypt(bytes(pin.sealed), bound_to=bound_to)
            pin.sealed, pin.digest = encrypt(digits, bound_to=bound_to), digest(digits)
            save(pin, actor=ROTATING, now=now, why="", fields=["sealed", "digest"])
            pins += 1
        held_files = QuarantinedFile.objects.select_related("attachment").order_by("pk")
        for held in held_files.select_for_update(of=("self",)):
            bound_to = binding_of_file(held)
            if not _is_open(bytes(held.key), bound_to):
                closed += 1
                continue
            key = decrypt(bytes(held.key), bound_to=bound_to)
            QuarantinedFile.objects.filter(pk=held.pk).update(key=encrypt(key, bound_to=bound_to))
            files += 1
        if not closed:
            KeyCheck.objects.update_or_create(pk=1, defaults={"digest": check_values()[0]})
    return pins, files, closed
