"""Clients that register profiles and change them, remember what was acknowledged, and repeat what was not."""
import json
import threading
import time
import uuid

from entry import call

CHANGES_OF_A_PROFILE = 5
PAUSE_AFTER_ERROR_S = 0.05
PATCH = {"content-type": "application/merge-patch+json"}
JSON = {"content-type": "application/json"}


def registration(name):
    return json.dumps({
        "account": {"emailAddress": f"{name}@example.com", "userName": name},
        "givenName": "Kim", "familyName": "Larsen", "address": {"street": "Step 0", "city": "Oslo", "country": "NO"},
    })


def street(step):
    return json.dumps({"address": {"street": f"Step {step}"}})


class Writer(threading.Thread):
    """`acknowledged` has for each profile the latest answer; `moments` when each answer came and whether it was good."""

    def __init__(self, url, over):
        super().__init__(daemon=True)
        self.url, self.over = url, over
        self.acknowledged, self.unknown, self.moments, self.refused = {}, {}, [], []

    def run(self):
        while not self.over.is_set():
            profile = self.register()
            for step in range(1, CHANGES_OF_A_PROFILE + 1):
                if profile is None or self.over.is_set():
                    break
                profile = self.change(profile, step)

    def ask(self, method, path, body=None, headers=None):
        """The answer, or nothing if there was none or it was 5xx: whether the write was done is then not known."""
        try:
            status, answered, content = call(self.url, method, path, body, headers)
        except OSError:
            status, answered, content = 0, {}, b""
        good = 0 < status < 500
        self.moments.append((time.monotonic(), good))
        if not good:
            time.sleep(PAUSE_AFTER_ERROR_S)
            return None
        return status, answered, json.loads(content)

    def register(self):
        body = registration(f"w{uuid.uuid4().hex[:20]}")
        headers = {**JSON, "idempotency-key": str(uuid.uuid4())}
        while not self.over.is_set():
            # The key makes the repetition safe.
            answer = self.ask("POST", "/v1/register", body, headers)
            if answer and answer[0] == 201:
                return self.remember(answer)
            if answer:
                self.refused.append(f"register: {answer[0]} {answer[2]}")
                return None
        return None

    def change(self, profile, step):
        """PATCH with If-Match; after an unknown end it looks first, as whoever gets a 412 does."""
        path, body = f"/v1/profiles/{profile['id']}", street(step)
        while not self.over.is_set():
            answer = self.ask("PATCH", path, body, {**PATCH, "if-match": f'"{profile["revision"]}"'})
            if answer and answer[0] == 200:
                return self.remember(answer)
            if answer and answer[0] != 412:
                self.refused.append(f"change: {answer[0]} {answer[2]}")
                return None
            if answer and profile["id"] not in self.unknown:
                self.refused.append(f"change: 412, though nobody else writes {profile['id']}")
                return None
            self.unknown[profile["id"]] = step
            seen = self.ask("GET", path)
            if seen and seen[0] == 200:
                profile = seen[2]
                if profile["address"]["street"] == f"Step {step}":
                    return self.remember(seen)
        return None

    def remember(self, answer):
        profile = answer[2]
        self.acknowledged[profile["id"]] = profile
        self.unknown.pop(profile["id"], None)
        return profile


def lost(url, writers, still_writing=False):
    """What was acknowledged and is not there: gone, older, or, unless it may be newer by now, other than said."""
    problems = []
    for writer in writers:
        for id_, said in list(writer.acknowledged.items()):
            status, _, content = call(url, "GET", f"/v1/profiles/{id_}")
            found = json.loads(content) if status == 200 else None
            if found == said or (found and still_writing and found["revision"] > said["revision"]):
                continue
            # The end of the last change is unknown: it may have been done, once.
            step = writer.unknown.get(id_)
            done = {**said, "revision": said["revision"] + 1, "address": {**said["address"], "street": f"Step {step}"}}
            if step is None or found is None or {**found, "updatedAt": None} != {**done, "updatedAt": None}:
                problems.append(f"{id_}: {status}, revision {found and found['revision']}, acknowledged was {said['revision']}")
    return problems
