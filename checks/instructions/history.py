"""Accepted counts as earlier commits have them."""
import json
import subprocess

# Where changes come from and go to, the most exact first.
MAIN = ("origin/main", "main")


def git(root, *arguments):
    """What git prints; nothing if it cannot say."""
    try:
        asked = subprocess.run(["git", "-C", root, *arguments], capture_output=True, text=True)
    except FileNotFoundError:
        return None
    return asked.stdout.strip() if asked.returncode == 0 else None


def earlier(root):
    """The commits that the working tree is held against: its own, the one before, and where it left the main branch."""
    bases = [git(root, "merge-base", "HEAD", main) for main in MAIN]
    commits = [git(root, "rev-parse", "--verify", "--quiet", name) for name in ("HEAD", "HEAD~")]
    return list(dict.fromkeys(commit for commit in [*commits, *bases] if commit))


def accepted_before(root, path):
    """What `path` says in each of these commits that have it."""
    said = (git(root, "show", f"{commit}:{path}") for commit in earlier(root))
    return [json.loads(text) for text in said if text]
