"""Figures beside what is asked of them."""
import json
import re
import statistics

from figures import rounded


class Found:
    def __init__(self):
        self.missed = []
        self.figures = []
        # What the next figures are about, where names would repeat.
        self.about = ""

    def figure(self, name, value, target=None, bound="at most", samples=None, key=None):
        """`samples` are the rounds of which `value` is the median."""
        is_missed = target is not None and (value > target if bound == "at most" else value < target)
        beside = "" if target is None else f"; {bound} {target:,g}"
        shown = f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"
        each = "" if samples is None else f" ({', '.join(f'{one:.1f}' for one in samples)})"
        print(f"{name}: {shown}{each}{beside}{'  MISSED' if is_missed else ''}", flush=True)
        self.missed += [name] if is_missed else []
        self.figures.append(self._kept(name, value, target, bound, samples or [value], key))

    def rounds(self, name, samples, target=None, bound="at most", key=None):
        self.figure(name, statistics.median(samples), target, bound, samples, key)

    def _kept(self, name, value, target, bound, samples, key):
        name = f"{self.about}: {name}" if self.about else name
        key = key or re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")
        ours = {"median": rounded(value), "low": rounded(min(samples)), "high": rounded(max(samples)), "rounds": len(samples)}
        asked = {} if target is None else {"asked": {"value": target, "bound": bound}}
        return {"key": key, "name": name, "of": {"ours": ours}, **asked}

    def write(self, file):
        """What `cargo xtask bench` reads, if it is asked for."""
        if file:
            with open(file, "w") as written:
                json.dump({"figures": self.figures}, written, ensure_ascii=False, indent=1)


def percentile(samples, part):
    return sorted(samples)[min(len(samples) - 1, int(len(samples) * part))]
