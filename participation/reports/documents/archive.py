"""Office files are archives, and those hold the moment at which they were written: the same paper would differ."""

import io
import re
import zipfile

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_MOMENT = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def same_every_time(archive: bytes) -> bytes:
    """The same archive without those moments. What is not compressed stays so, as the first part of OpenDocument."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as read, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for part in read.infolist():
            body = read.read(part)
            if part.filename == "docProps/core.xml":
                body = _MOMENT.sub(rb"\g<1>2000-01-01T12:00:00Z", body)
            written.writestr(zipfile.ZipInfo(part.filename, _FIRST_DAY), body, part.compress_type)
    return out.getvalue()
