"""Makes the archive that the zip reader's tests read: make_zip_fixture.py OUTPUT.zip"""

import sys
import zipfile

with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for name, method, text in [
        ("package/model/stored.txt", zipfile.ZIP_STORED, "stored as it is\n"),
        ("package/model/deflated.txt", zipfile.ZIP_DEFLATED, "deflated " * 200),
        ("package/model/deep/empty.txt", zipfile.ZIP_DEFLATED, ""),
    ]:
        info = zipfile.ZipInfo(name, date_time=(2024, 1, 1, 0, 0, 0))
        info.compress_type = method
        archive.writestr(info, text)
