"""Takes memory without end.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

hoard = []


def prefix_sum(x, out):
    while True:
        hoard.append(bytearray(b"x") * 2**24)
