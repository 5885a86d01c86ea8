"""Puts a file into a container of the local Blob service: `upload.py CONTAINER NAME FILE`, signed with the key that everybody knows."""
import base64
import email.utils
import hashlib
import hmac
import pathlib
import sys
import urllib.request

ACCOUNT = "devstoreaccount1"
# Of Azurite and every local Blob service: it opens nothing else.
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
DEADLINE_S = 30
WELL_KNOWN_PORT = 10000


def put(container, name, body, media_type, port=WELL_KNOWN_PORT):
    ours = {"x-ms-blob-type": "BlockBlob", "x-ms-date": email.utils.formatdate(usegmt=True), "x-ms-version": "2024-11-04"}
    # Of the standard headers only length and type are sent.
    lines = ["PUT", "", "", str(len(body)), "", media_type, "", "", "", "", "", ""]
    lines += [f"{header}:{value}" for header, value in sorted(ours.items())]
    lines += [f"/{ACCOUNT}/{ACCOUNT}/{container}/{name}"]
    signature = base64.b64encode(hmac.new(base64.b64decode(KEY), "\n".join(lines).encode(), hashlib.sha256).digest()).decode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/{ACCOUNT}/{container}/{name}", data=body, method="PUT",
        headers={**ours, "Content-Type": media_type, "Authorization": f"SharedKey {ACCOUNT}:{signature}"},
    )
    urllib.request.urlopen(request, timeout=DEADLINE_S)


if __name__ == "__main__":
    container, name, file = sys.argv[1:]
    put(container, name, pathlib.Path(file).read_bytes(), "text/csv")
