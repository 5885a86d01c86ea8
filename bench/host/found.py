"""Figures beside what is asked of them."""


class Found:
    def __init__(self):
        self.missed = []

    def figure(self, name, value, target=None, bound="at most"):
        is_missed = target is not None and (value > target if bound == "at most" else value < target)
        beside = "" if target is None else f"; {bound} {target:,g}"
        shown = f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"
        print(f"{name}: {shown}{beside}{'  MISSED' if is_missed else ''}", flush=True)
        self.missed += [name] if is_missed else []


def percentile(samples, part):
    return sorted(samples)[min(len(samples) - 1, int(len(samples) * part))]
