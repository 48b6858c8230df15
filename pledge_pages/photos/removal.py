"""Deletes the files of deleted rows, however the rows went: by an action, a cascade or a script."""

from django.db import models, transaction
from django.db.models.signals import post_delete

from .models import ConsentPaper, EvidenceFile, MemberPhoto, MemberPhotoRendition


def delete_file(instance: models.Model, using: str, **kwargs) -> None:
    """Delete the file of ``instance`` once its deletion is committed."""
    if isinstance(instance, MemberPhotoRendition):
        instance.purge_from_cache()
    delete_when_committed(instance, using)


def delete_when_committed(instance: models.Model, using: str | None = None) -> None:
    """Delete the file of ``instance`` once what is done in this transaction is committed."""
    if instance.file.name:
        storage, name = instance.file.storage, instance.file.name

        def delete() -> None:
            storage.delete(name)

        # Robust: what else waits for the commit must not fail with a file that cannot be deleted.
        # A function, for Django logs the failure by the name that only functions have.
        transaction.on_commit(delete, using=using, robust=True)


def connect() -> None:
    """Connect the signals; called once, when the app is ready."""
    for model in (MemberPhoto, MemberPhotoRendition, EvidenceFile, ConsentPaper):
        post_delete.connect(
            delete_file, sender=model, dispatch_uid=f"pledge_pages.file.{model.__name__}"
        )
