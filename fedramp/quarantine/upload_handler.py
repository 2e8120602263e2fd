"""The place of an upload during its request, in the realm that may not keep it as it is."""

import tempfile
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class NamelessFileUploadHandler(FileUploadHandler):
    """Streams an upload into a file that has no name, so that nobody else can open it.

    It is gone when it is closed, or when the process ends in any way: Django's own temporary file
    outlives a process that is killed.
    """

    _file: IO[bytes]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        self._file.seek(0)
        return UploadedFile(
            self._file,
            self.file_name,
            self.content_type,
            file_size,
            self.charset,
            self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()
