"""A signature for the local storage services: the account and key that Microsoft publishes for its emulators."""
import base64
import hashlib
import hmac
from urllib.parse import urlencode

ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
VERSION = "2022-11-02"
UNTIL = "2100-01-01T00:00:00Z"


def signature():
    """The query of an account SAS that opens blobs and queues."""
    fields = {"sp": "rwdlacup", "ss": "bq", "srt": "sco", "se": UNTIL, "sv": VERSION}
    signed = [ACCOUNT, fields["sp"], fields["ss"], fields["srt"], "", UNTIL, "", "", VERSION, "", ""]
    digest = hmac.new(base64.b64decode(KEY), "\n".join(signed).encode(), hashlib.sha256).digest()
    return urlencode({**fields, "sig": base64.b64encode(digest).decode()})
