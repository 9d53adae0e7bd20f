"""Answers with frames made to break the judge: too long, too deep, no JSON, no object.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import os
import struct
import sys

frame = sys._getframe()
while frame and "connection" not in frame.f_locals:
    frame = frame.f_back
connection = frame.f_locals["connection"]
body = b"[" * 500_000


def prefix_sum(x, out):
    connection.sendall(struct.pack("<I", len(body)) + body)
    connection.sendall(struct.pack("<I", 2**32 - 1))
    os.abort()
