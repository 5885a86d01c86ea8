"""Lines of the changelog that name a growth.

Below `## Unreleased`, one line for each count, as it was and as it is; what follows says why:

- instructions: get-profile 674k -> 712k, because each answer is signed
- instructions: first-health gone, because there is another way to count it
"""
import re

GROWTH = re.compile(r"^- instructions: ([a-z][a-z0-9-]*) (\S+) -> ([^\s,]+), because \S", re.M)
GONE = re.compile(r"^- instructions: ([a-z][a-z0-9-]*) gone, because \S", re.M)
NUMBER = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)([kM]?)")
UNITS = {"": 1, "k": 1_000, "M": 1_000_000}


def number(text):
    """`712k`, `38.6M` or `712,340`; nothing if it is no number."""
    found = NUMBER.fullmatch(text)
    return found and round(float(found[1].replace(",", "")) * UNITS[found[2]])


def unreleased(changelog):
    """What is said below `## Unreleased`, up to the next release."""
    _, _, after = changelog.partition("\n## Unreleased\n")
    return after.partition("\n## ")[0]


def growths(changelog):
    """For each count, the pairs (was, is) that are named."""
    named = {}
    for name, was, now in GROWTH.findall(unreleased(changelog)):
        if number(was) and number(now):
            named.setdefault(name, []).append((number(was), number(now)))
    return named


def gone(changelog):
    return set(GONE.findall(unreleased(changelog)))
