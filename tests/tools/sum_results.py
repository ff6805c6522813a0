# SPDX-License-Identifier: MPL-2.0
"""Add up JUnit reports: "N passed, N failed, N skipped"."""

import sys
import xml.etree.ElementTree as tree

BAD = ("failure", "error")


def main(paths: list[str]) -> int:
    passed = failed = skipped = 0
    for path in paths:
        for case in tree.parse(path).iter("testcase"):
            kinds = {child.tag for child in case}
            if kinds.intersection(BAD):
                failed += 1
            elif "skipped" in kinds:
                skipped += 1
            else:
                passed += 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
