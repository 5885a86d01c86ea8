"""What the official SDKs sent has arrived whole: `check.py GATEWAY SERVICE TRACE_ID`."""

import json
import sys
from urllib.request import urlopen

gateway, service, trace_id = sys.argv[1:]
passed = failed = 0


def get(path):
    with urlopen(f"{gateway}/admin/telemetry/{path}") as answer:
        return json.load(answer)


def check(what, found, expected):
    global passed, failed
    if found == expected:
        passed += 1
    else:
        failed += 1
        print(f"{what}: {found!r} instead of {expected!r}")


trace = get(f"traces/{trace_id}")
root, child = trace["spans"]
check("tree", [(s["service"], s["name"], s["kind"], s["depth"]) for s in trace["spans"]],
      [(service, "GET /cakes/{id}", "server", 0), (service, "read cakes", "client", 1)])
check("parent", child["parentId"], root["spanId"])
check("attributes", child["attributes"],
      {"text": "crème brûlée", "whole": 7, "real": 1.5, "flag": True, "list": ["a", "b"], "empty": []})
check("status", child["status"], {"code": "error", "message": "sold out"})
check("events", [(e["name"], e["attributes"]) for e in child["events"]], [("retried", {"attempt": 2})])
check("links", [(link["traceId"], link["spanId"]) for link in child["links"]],
      [("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")])
check("version", root["resource"]["service.version"], "1.2")
check("logs", [(log["level"], log["message"], log["attributes"]) for log in child["logs"]],
      [("warning", "no cake left", {"left": 0})])
metrics = {metric["name"]: metric for metric in get(f"metrics?service={service}")["metrics"]}
check("counter", (metrics["sold"]["value"], metrics["sold"]["unit"], metrics["sold"]["attributes"]),
      (3, "{cake}", {"kind": "sponge"}))
for name, tolerance in (("wait", 12), ("exponential", 2)):
    distribution = metrics[name]["distribution"]
    check(f"{name}: count and sum", (distribution["count"], distribution["sum"]), (100, 5050))
    near = [abs(distribution[p] - at) <= tolerance for p, at in (("p50", 50), ("p95", 95), ("p99", 99))]
    check(f"{name}: quantiles {distribution}", near, [True, True, True])
print(f"{passed} passed, {failed} failed")
