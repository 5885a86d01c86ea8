"""What is deployed, zipped: the handler, its functions, and what it needs of others."""
import os
import tempfile
import zipfile

# What a build of a package takes away too.
NOT_DEPLOYED = ("__pycache__", ".bin")


def zipped_mb(paths):
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
            for path in paths:
                for name in files(path):
                    package.write(name, os.path.relpath(name, os.path.dirname(path)))
        return os.fstat(file.fileno()).st_size / 1e6


def files(path):
    if os.path.isfile(path):
        yield path
    for folder, folders, names in os.walk(path):
        folders[:] = [one for one in folders if one not in NOT_DEPLOYED]
        yield from (os.path.join(folder, name) for name in names if os.path.isfile(os.path.join(folder, name)))
