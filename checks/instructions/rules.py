"""What is accepted of counts, and what is a finding."""
from changelog import gone, growths

# A count may be so much larger than the accepted one without a word: another compiler, another order of functions.
TOLERANCE = 0.05
# A line of the changelog rounds, as people do.
ROUNDING = 0.01


class Rules:
    """`accepted` are the counts as the working tree says, `before` those of earlier commits that they are held against."""

    def __init__(self, accepted, before, changelog):
        self.accepted, self.before = accepted, before
        self.named, self.gone = growths(changelog), gone(changelog)

    def largest(self, name, base):
        """What a count that was `base` may be, by the changelog: it counts only if it begins where the count was."""
        named = (now for was, now in self.named.get(name, []) if abs(was - base) <= base * ROUNDING)
        return max([base, *named])

    def findings(self, measured):
        return [*self._raised(), *self._measured(measured)]

    def _raised(self):
        """What somebody did to the accepted counts: they fall freely, and rise with a line only."""
        found = []
        for name in sorted({name for counts in self.before for name in counts}):
            base = min(counts[name] for counts in self.before if name in counts)
            if name not in self.accepted:
                if name not in self.gone:
                    found.append(f"{name}: it was {base:,} and is not counted any more; {how_gone(name)}")
            elif self.accepted[name] > max(base, self.largest(name, base) * (1 + ROUNDING)):
                now = self.accepted[name]
                found.append(f"{name}: accepted.json was raised from {base:,} to {now:,}; {how_grown(name, base, now)}")
        return found

    def _measured(self, measured):
        found = []
        for name in sorted(self.accepted.keys() - measured.keys()):
            found.append(f"{name}: it is in accepted.json, and nothing counted it")
        for name, count in sorted(measured.items()):
            base = self.accepted.get(name)
            if base is None:
                found.append(f"{name}: {count:,}, and accepted.json does not have it: `checks/instructions/run --accept`")
            elif count > self.largest(name, base) * (1 + TOLERANCE):
                found.append(f"{name}: {count:,} instead of {base:,}, {count / base - 1:+.1%}; {how_grown(name, base, count)}")
        return found

    def newly_accepted(self, measured):
        """What accepted.json should say: what fell, and what grew beyond the tolerance. Growth within it leaves the
        count as it was, or it would creep."""
        return {name: self._accepted(name, count) for name, count in sorted(measured.items())}

    def _accepted(self, name, count):
        base = self.accepted.get(name)
        return count if base is None or count < base or count > base * (1 + TOLERANCE) else base


def how_grown(name, was, now):
    line = f"- instructions: {name} {short(was)} -> {short(now)}, because …"
    return f"mend it, or say why in CHANGELOG.md below Unreleased: `{line}`"


def how_gone(name):
    return f"say why in CHANGELOG.md below Unreleased: `- instructions: {name} gone, because …`"


def short(count):
    """To be read: 712k, 38.60M."""
    if count < 10_000:
        return str(count)
    if count < 1_000_000:
        return f"{count / 1_000:.{0 if count >= 100_000 else 1}f}k"
    return f"{count / 1_000_000:.2f}M"
