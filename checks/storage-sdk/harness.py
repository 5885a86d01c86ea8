"""What the checks in Python have in common: `python check_blob.py BLOB_URL QUEUE_URL`.

Prints one line per check and "N passed, N failed"; exits with 1 when one failed.
"""

import itertools
import os
import sys
import traceback

from azure.core.exceptions import HttpResponseError

ACCOUNT = "devstoreaccount1"
# The published key of the development account, the same for everybody.
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
BLOB_URL = sys.argv[1] if len(sys.argv) > 1 else f"http://127.0.0.1:10000/{ACCOUNT}"
QUEUE_URL = sys.argv[2] if len(sys.argv) > 2 else f"http://127.0.0.1:10001/{ACCOUNT}"
CONNECTION = (
    f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};"
    f"BlobEndpoint={BLOB_URL};QueueEndpoint={QUEUE_URL};"
)

_checks = []
_numbers = itertools.count(1)


def check(function):
    _checks.append(function)
    return function


def fresh(kind):
    """A name that no other check uses, valid for queues and containers."""
    return f"{kind}-{os.getpid()}-{next(_numbers)}"


def refused(status, code, function, *args, **kwargs):
    """The call must fail with this status and, if it is given, this error code."""
    try:
        function(*args, **kwargs)
    except HttpResponseError as error:
        seen = getattr(error, "error_code", None)
        assert error.status_code == status, f"{error.status_code} {seen} instead of {status} {code}: {error}"
        assert code is None or seen == code, f"{seen} instead of {code}: {error}"
        return
    raise AssertionError(f"{status} was expected, and nothing was refused")


def run():
    passed = 0
    for function in _checks:
        name = function.__name__.replace("_", " ")
        try:
            function()
            passed += 1
            print(f"ok    {name}")
        except Exception:
            print(f"FAIL  {name}\n{traceback.format_exc()}")
    print(f"{passed} passed, {len(_checks) - passed} failed")
    sys.exit(0 if passed == len(_checks) else 1)
