"""Which of our problems are held out, and the simulated coder's habit on each (`gateway/habits.py`).

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

HELD_OUT: dict[str, str] = {
    "lift-log": "ready",
    "island-ferries": "careless",
    "river-mouth": "misled",
    "stair-tolls": "hasty",
}

VISIBLE: dict[str, str] = {
    "stuck-keys": "ready",
    "courtyard-border": "plodding",
}
