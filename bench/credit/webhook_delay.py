"""How long after the bank's last answer a partner has the webhook, on a platform that has nothing else to do."""
import random
import sys
import time
from datetime import datetime

from talking import PARTNER, begun
from asking import DEADLINE_S, ask, moment

RECEIVER = "main"
LOOK_EVERY_S = 0.02
# So long that listeners look as rarely as they ever do; of other lengths, so that no rhythm meets theirs.
SEED, PAUSES_S = 20261129, (0.5, 1.5)


def delays(gateway, simulators, count, bank_delay_s=0.2):
    """Seconds, by the simulators' clocks. The sums are part of it: less than a millisecond."""
    believe(gateway, simulators["partner"])
    chance, all_s = random.Random(SEED), []
    for number in range(count):
        time.sleep(chance.uniform(*PAUSES_S))
        assessment = begun(gateway, simulators["bank"], number)
        came = webhook_about(simulators["partner"], assessment)
        all_s.append((came - answered(simulators["bank"], bank_delay_s)).total_seconds())
    return all_s


def believe(gateway, partner):
    """An endpoint at the partner, whose secret the partner knows."""
    body = {"url": f"http://127.0.0.1:{partner}/hooks/{RECEIVER}", "signing": "v1"}
    secret = ask(gateway, "POST", "/credit/v1/webhook-endpoints", body, PARTNER)["secret"]
    ask(partner, "PUT", f"/v1/simulation/receivers/{RECEIVER}", {"keys": [secret]})


def webhook_about(partner, assessment):
    """When the partner had it."""
    ends = time.monotonic() + DEADLINE_S
    while time.monotonic() < ends:
        for message in ask(partner, "GET", f"/v1/simulation/received?receiver={RECEIVER}")["messages"]:
            if assessment in (message["body"] or ""):
                ask(partner, "DELETE", f"/v1/simulation/received?receiver={RECEIVER}")
                return moment(message["attempts"][0]["at"])
        time.sleep(LOOK_EVERY_S)
    sys.exit(f"no webhook about assessment {assessment}")


def answered(bank, delay_s):
    """When the bank gave its last page: the first one takes its time, others come at once."""
    log = ask(bank, "GET", "/log")
    last = next(one for one in reversed(log["entries"]) if one["path"].endswith("/transactions"))
    ask(bank, "DELETE", "/log")
    at = moment(last["at"])
    first = last["detail"]["page"] == 1
    return datetime.fromtimestamp(at.timestamp() + delay_s * first, at.tzinfo)
