"""One assessment from its beginning to its end, at the platform and its bank."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "host"))
from asking import DEADLINE_S, ask  # noqa: E402

PARTNER = {"iommi-subscription-key": "local-only-acme"}


def begun(gateway, bank, number, customer="salaried"):
    """The id of an assessment that nobody waits for."""
    token = ask(bank, "POST", "/v1/simulation/tokens", {"customer": f"{customer}-{number}"})["access_token"]
    body = {"bankToken": token, "customerReference": f"one-{number}"}
    return ask(gateway, "POST", "/credit/v1/assessments", body, PARTNER)["id"]


def ended(gateway, assessment):
    """Waits for its end, which must be a score."""
    ends = time.monotonic() + DEADLINE_S
    while time.monotonic() < ends:
        state = ask(gateway, "GET", f"/credit/v1/assessments/{assessment}", headers=PARTNER)["state"]
        if state == "scored":
            return
        if state not in ("fetching", "scoring"):
            sys.exit(f"assessment {assessment} is {state}")
        time.sleep(0.05)
    sys.exit(f"assessment {assessment} did not end")
