#!/usr/bin/env python3
"""Writes down a deployment: record_deployment.py APP ENVIRONMENT REGION begun|succeeded|failed.

A line more in `deployments.jsonl` of the branch `deployments`, which has nothing else and no commit in common with main
(docs/dora.md). Each try begins at what the branch is then, and its push is refused if another pipeline was quicker: so no
line is lost and none is merged. Neither the checkout nor its index is touched. What production has is tagged besides, once:
`released/<app>/<time>`, by which a contract finds what it must not break (docs/contracts.md).
"""
import datetime
import json
import os
import pathlib
import random
import subprocess
import sys
import time

BRANCH, FILE = "deployments", "deployments.jsonl"
TRIES = 12
MAX_PAUSE_S = 4.0
ENDS = {"begun": None, "succeeded": "succeeded", "failed": "failed"}
DEADLINE_S = 120

root = pathlib.Path(__file__).resolve().parent.parent.parent
remote = os.environ.get("DEPLOYMENTS_REMOTE", "origin")
writer = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "Pipeline"), ("EMAIL", "pipeline@example.invalid"))}


def git(*words, text="", wrong=None):
    done = subprocess.run(["git", "-C", root, *words], input=text, capture_output=True, text=True, timeout=DEADLINE_S, env={**os.environ, **writer, "GIT_TERMINAL_PROMPT": "0"})
    if done.returncode != 0 and wrong is None:
        sys.exit(f"git {words[0]}: {done.stderr.strip()}")
    return done.stdout.strip() if done.returncode == 0 else wrong


def there():
    """The newest commit of the branch and its lines: none before the first deployment, nothing if it moved while we looked."""
    listed = git("ls-remote", remote, f"refs/heads/{BRANCH}")
    if not listed:
        return None, []
    tip = listed.split()[0]
    # Whole: a history that is cut off would be so for the checkout too.
    git("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=", remote, f"refs/heads/{BRANCH}", wrong="refused")
    text = git("show", f"{tip}:{FILE}", wrong="gone")
    return None if text == "gone" else (tip, text.splitlines())


def line(lines, app, environment, region, what, sha, now):
    run = os.environ.get("BUILD_BUILDID", "by-hand")
    record = {"app": app, "environment": environment, "region": region, "sha": sha, "started": now, "run": run}
    if ENDS[what] is None:
        return record
    same = ("app", "environment", "region", "sha", "run")
    for before in reversed(lines):
        begun = json.loads(before)
        if all(begun.get(name) == record[name] for name in same) and "result" not in begun:
            record["started"] = begun["started"]
            break
    return {**record, "finished": now, "result": ENDS[what]}


def tag(app, sha, now):
    """The tag of a release, unless this app has one of this commit."""
    tags = git("ls-remote", remote, f"refs/tags/released/{app}/*").split("\n")
    if any(known.split("\t")[0] == sha for known in tags):
        return []
    return [f"{sha}:refs/tags/released/{app}/{now.replace('-', '').replace(':', '')}"]


def main():
    app, environment, region, what = sys.argv[1:]
    if what not in ENDS:
        sys.exit(f"{what}: write {', '.join(ENDS)}")
    sha = git("rev-parse", "HEAD")
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    for attempt in range(TRIES):
        found = there()
        if found is None:
            continue
        tip, lines = found
        record = json.dumps(line(lines, app, environment, region, what, sha, now))
        blob = git("hash-object", "-w", "--stdin", text="".join(f"{each}\n" for each in [*lines, record]))
        tree = git("mktree", text=f"100644 blob {blob}\t{FILE}\n")
        parent = ["-p", tip] if tip else []
        commit = git("commit-tree", tree, *parent, "-m", f"{app} in {environment}, {region}: {what}")
        tags = tag(app, sha, now) if (environment, what) == ("production", "succeeded") else []
        if git("push", "--quiet", "--atomic", remote, f"{commit}:refs/heads/{BRANCH}", *tags, wrong="refused") != "refused":
            print(record)
            return
        time.sleep(random.uniform(0, min(MAX_PAUSE_S, 0.2 * 2**attempt)))
    sys.exit(f"{app} in {environment}, {region}: not written down after {TRIES} tries; may this run push to the branch {BRANCH}? The line: {record}")


if __name__ == "__main__":
    main()
