"""The rules themselves: a planted growth is found, in code and in accepted.json, and a line excuses it."""
import unittest

from changelog import growths, number
from rules import Rules

WAS = {"get-profile": 674_000, "route": 9_000}


def changelog(*lines):
    entries = "\n".join(lines)
    return f"# Changelog\n\n## Unreleased\n\n### Changed\n{entries}\n\n## 0.1.0\n- instructions: route 1k -> 90k, because it is old\n"


def findings(measured=WAS, accepted=WAS, before=(WAS,), lines=()):
    found = Rules(accepted, list(before), changelog(*lines)).findings(measured)
    return [finding.split(";")[0] for finding in found]


LINE = "- instructions: get-profile 674k -> 712k, because each answer is signed"


class Growth(unittest.TestCase):
    def test_nothing_changed(self):
        self.assertEqual(findings(), [])

    def test_five_in_a_hundred_need_no_word(self):
        self.assertEqual(findings(measured={**WAS, "get-profile": 707_000}), [])

    def test_slower_code_is_found(self):
        slower = {**WAS, "get-profile": 712_000}
        self.assertEqual(findings(measured=slower), ["get-profile: 712,000 instead of 674,000, +5.6%"])

    def test_slower_code_with_a_raised_count_is_found(self):
        slower = {**WAS, "get-profile": 712_000}
        expected = ["get-profile: accepted.json was raised from 674,000 to 712,000"]
        self.assertEqual(findings(measured=slower, accepted=slower), expected)

    def test_a_count_that_is_raised_by_little_is_found_since_it_would_creep(self):
        little = {**WAS, "get-profile": 690_000}
        expected = ["get-profile: accepted.json was raised from 674,000 to 690,000"]
        self.assertEqual(findings(accepted=little), expected)

    def test_the_least_of_the_earlier_counts_is_what_was(self):
        slower = {**WAS, "get-profile": 712_000}
        expected = ["get-profile: accepted.json was raised from 674,000 to 712,000"]
        self.assertEqual(findings(slower, slower, before=[slower, WAS]), expected)

    def test_a_count_may_fall(self):
        quicker = {**WAS, "get-profile": 400_000}
        self.assertEqual(findings(measured=quicker), [])
        self.assertEqual(findings(measured=quicker, accepted=quicker), [])


class Line(unittest.TestCase):
    def test_it_excuses_with_the_accepted_count_and_before_it_is_written(self):
        slower = {**WAS, "get-profile": 711_800}
        self.assertEqual(findings(measured=slower, lines=[LINE]), [])
        self.assertEqual(findings(measured=slower, accepted=slower, lines=[LINE]), [])

    def test_it_excuses_what_it_names_and_no_more(self):
        more = {**WAS, "get-profile": 800_000}
        self.assertEqual(findings(measured=more, lines=[LINE]), ["get-profile: 800,000 instead of 674,000, +18.7%"])
        expected = ["get-profile: accepted.json was raised from 674,000 to 800,000"]
        self.assertEqual(findings(measured=more, accepted=more, lines=[LINE]), expected)

    def test_it_excuses_no_other_count(self):
        other = {**WAS, "route": 10_000}
        self.assertEqual(findings(measured=other, lines=[LINE]), ["route: 10,000 instead of 9,000, +11.1%"])

    def test_it_is_used_up_once_the_count_is_another(self):
        quicker, slower = {**WAS, "get-profile": 500_000}, {**WAS, "get-profile": 700_000}
        found = findings(measured=slower, accepted=quicker, before=[quicker], lines=[LINE])
        self.assertEqual(found, ["get-profile: 700,000 instead of 500,000, +40.0%"])

    def test_it_says_why(self):
        slower = {**WAS, "get-profile": 712_000}
        for line in (LINE.partition(",")[0], LINE.partition(" each")[0]):
            self.assertEqual(len(findings(measured=slower, lines=[line])), 1, line)

    def test_one_of_an_earlier_release_excuses_nothing(self):
        slower = {**WAS, "route": 90_000}
        self.assertEqual(findings(measured=slower), ["route: 90,000 instead of 9,000, +900.0%"])

    def test_numbers_are_written_as_people_do(self):
        self.assertEqual([number(text) for text in ("712k", "38.6M", "712,340", "9000")], [712_000, 38_600_000, 712_340, 9_000])
        self.assertEqual([number(text) for text in ("", "many", "1.2.3k", "-7k")], [None] * 4)
        self.assertEqual(growths(changelog("- instructions: route much -> more, because so")), {})


class Names(unittest.TestCase):
    def test_a_new_count_is_accepted_first(self):
        found = findings(measured={**WAS, "envelope": 40_000})
        self.assertEqual([finding.split(",")[0] for finding in found], ["envelope: 40"])
        self.assertEqual(findings({**WAS, "envelope": 40_000}, {**WAS, "envelope": 40_000}), [])

    def test_one_that_nobody_counts_is_found(self):
        only = {"route": 9_000}
        self.assertEqual(findings(measured=only), ["get-profile: it is in accepted.json, and nothing counted it"])

    def test_one_that_is_given_up_needs_a_line(self):
        only = {"route": 9_000}
        expected = ["get-profile: it was 674,000 and is not counted any more"]
        self.assertEqual(findings(only, only), expected)
        self.assertEqual(findings(only, only, lines=["- instructions: get-profile gone, because it is elsewhere"]), [])


class Accepting(unittest.TestCase):
    def test_growth_within_the_tolerance_leaves_the_count_as_it_was(self):
        measured = {"get-profile": 690_000, "route": 8_000, "envelope": 40_000}
        accepted = Rules(WAS, [], changelog()).newly_accepted(measured)
        self.assertEqual(accepted, {"envelope": 40_000, "get-profile": 674_000, "route": 8_000})

    def test_growth_beyond_it_is_written_and_needs_its_line(self):
        measured = {**WAS, "get-profile": 720_000}
        self.assertEqual(Rules(WAS, [WAS], changelog()).newly_accepted(measured)["get-profile"], 720_000)


if __name__ == "__main__":
    unittest.main()
