"""Which of our problems are held out, and the simulated coder's habit on each (`gateway/habits.py`).

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

A third is visible; both parts have easy and hard problems, and habits, in about the same proportions.
Tests prepare the first few of each.
"""

HELD_OUT: dict[str, str] = {
    "lift-log": "ready",
    "three-beat-walk": "careless",
    "one-wet-foot": "misled",
    # Difficulty 1.
    "island-ferries": "ready",
    "posts-in-view": "ready",
    "river-mouth": "ready",
    "stair-tolls": "ready",
    # 2.
    "sweet-tea": "ready",
    "all-lamps-lit": "ready",
    "bead-strings": "ready",
    "matching-gloves": "ready",
    "ridge-signals": "ready",
    "surveyor-corners": "ready",
    # 3.
    "counter-queue": "ready",
    "frieze-repeat": "careless",
    "frozen-passes": "careless",
    "half-fare-day": "hasty",
    "no-offcuts": "plodding",
    # 4.
    "choir-regions": "careless",
    "cubic-crates": "misled",
    "loudest-stretch": "plodding",
    # 5.
    "lanterns-and-moths": "hasty",
    "safe-dials": "misled",
    "barge-fleet": "lost",
}

VISIBLE: dict[str, str] = {
    # Difficulty 1.
    "stuck-keys": "ready",
    "courtyard-border": "ready",
    "patrol-pegs": "ready",
    # 2.
    "mail-sledge": "ready",
    "mirror-words": "ready",
    "coat-hooks": "careless",
    # 3.
    "crate-tower": "ready",
    "nap-after-shift": "hasty",
    "lone-bead": "plodding",
    # 4.
    "kiln-firings": "careless",
    "signal-huts": "misled",
    # 5.
    "shared-refrain": "lost",
}
