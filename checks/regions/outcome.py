"""What each step of a check came to."""
import sys


class Outcome:
    def __init__(self):
        self.passed, self.failed = 0, 0

    def check(self, what, problems):
        """A step that passed if there are no problems."""
        if problems:
            self.failed += 1
            print(f"FAILED: {what}", *problems[:10], sep="\n   ", flush=True)
        else:
            self.passed += 1
            print(f"ok: {what}", flush=True)

    def end(self):
        """Ends the program: well if all steps passed."""
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed else 0)
