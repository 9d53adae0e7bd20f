"""Takes every watchdog inside the process away, then never returns.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import faulthandler
import os
import signal
import threading
import time

faulthandler.cancel_dump_traceback_later()
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
signal.setitimer(signal.ITIMER_REAL, 0)
threading.Timer.run = lambda self: None
os.setsid() if os.getpid() != os.getsid(0) else None


def prefix_sum(x, out):
    while True:
        time.sleep(1)
