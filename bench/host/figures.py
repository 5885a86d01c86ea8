"""Figures of several contenders, gathered in rounds."""
import statistics


class Figures:
    """By key, in the order in which they came: a name, a unit, which way is better, and each contender's samples."""

    def __init__(self):
        self.figures = {}
        self.notes = []
        self.versions = {}

    def sample(self, key, name, unit, contender, value, better="lower"):
        figure = self.figures.setdefault(key, {"name": name, "unit": unit, "better": better, "samples": {}})
        figure["samples"].setdefault(contender, []).append(value)

    def median(self, key, contender):
        return statistics.median(self.figures[key]["samples"][contender])

    def as_json(self):
        """What `cargo xtask bench` reads."""
        return {"figures": [self._figure(key, **figure) for key, figure in self.figures.items()],
                "notes": self.notes, "versions": self.versions}

    @staticmethod
    def _figure(key, name, unit, better, samples):
        of = {contender: {"median": rounded(statistics.median(values)), "low": rounded(min(values)),
                          "high": rounded(max(values)), "rounds": len(values)} for contender, values in samples.items()}
        return {"key": key, "name": name, "unit": unit, "better": better, "of": of}

    def show(self):
        for figure in self.as_json()["figures"]:
            told = "; ".join(f"{contender} {one['median']:g} ({one['low']:g}–{one['high']:g})"
                             for contender, one in figure["of"].items())
            print(f"{figure['name']}, {figure['unit']}: {told}")
        for note in self.notes:
            print(f"note: {note}")


def rounded(value):
    """Four digits that count: more is noise."""
    return float(f"{value:.4g}")
