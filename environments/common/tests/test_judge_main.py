"""A judge and its runner from end to end, in real sandboxes, on a toy environment."""

from pathlib import Path

import pytest
from rebench_common.testing import JudgeRun, score_snapshot

JUDGE = """
from rebench_common.protocol import Invalid, InvalidSubmission, Scored
from rebench_common.runner import Runner, RunnerTimeoutError

def score(request):
    mode = request.parameters["mode"]
    if mode == "crash":
        raise KeyError("judge")
    if mode == "invalid":
        raise InvalidSubmission("not-good", "because", {"n": 1})
    with Runner(request.runner, ["{socket}", mode], ()) as runner:
        runner.wait_until_ready(5)
        try:
            reply = runner.ask({"say": "hello"}, 1)
        except RunnerTimeoutError:
            return Invalid("slow", "slow")
        runner.check_still()
        return Scored(reply.seconds, str(reply.frame) + runner.log_tail())
"""
RUNNER = """
import json, os, socket, struct, sys, time
connection, mode = socket.socket(fileno=int(sys.argv[1])), sys.argv[2]
def send(frame, times=1):
    body = json.dumps(frame).encode()
    connection.sendall((struct.pack("<I", len(body)) + body) * times)
if mode == "never-ready": sys.exit("no luck")
connection.sendall((struct.pack("<I", 2) + b"{}") * (2 if mode == "early" else 1))
connection.recv(4)
if mode == "dies": os._exit(7)
if mode == "slow": time.sleep(60)
if mode == "takes-a-while": time.sleep(0.2)
if mode == "looks-around":
    paths = ["/snapshot", "/environment", "/common", "/assets", "/scratch", "/root", "/runner"]
    send({"seen": [p for p in paths if os.path.exists(p)], "fds": os.listdir("/proc/self/fd")})
    time.sleep(60)
print("seen", flush=True)
send({"mode": mode}, 2 if mode == "says-more" else 1)
time.sleep(60)
"""


def judge(mode: str, folder: Path) -> JudgeRun:
    environment, snapshot = folder / "toy", folder / "snapshot"
    (environment / "judge" / "runner").mkdir(parents=True)
    snapshot.mkdir()
    (snapshot / "json.py").write_text("raise SystemExit('the snapshot was imported')")
    (environment / "judge" / "judge.py").write_text(JUDGE)
    (environment / "judge" / "runner" / "runner.py").write_text(RUNNER)
    return score_snapshot(environment, snapshot, {"mode": mode})


def test_time_runs_from_the_question_until_everything_stands_still(tmp_path: Path) -> None:
    run = judge("takes-a-while", tmp_path)
    assert run.answer is not None, run.log
    assert 0.2 <= run.answer["raw"] < 1
    assert "takes-a-while" in run.answer["message"]


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ("invalid", "not-good"),
        ("slow", "slow"),
        ("dies", "runner-died"),
        ("early", "broke-protocol"),
        ("says-more", "broke-protocol"),
    ],
)
def test_what_a_submission_does_wrong_is_invalid(mode: str, reason: str, tmp_path: Path) -> None:
    run = judge(mode, tmp_path)
    assert run.answer is not None, run.log
    assert (run.answer["result"], run.answer["reason"]) == ("invalid", reason)


@pytest.mark.parametrize(("mode", "trace"), [("crash", "KeyError"), ("never-ready", "no luck")])
def test_what_a_judge_does_wrong_has_no_answer(mode: str, trace: str, tmp_path: Path) -> None:
    run = judge(mode, tmp_path)
    assert run.answer is None
    assert trace in run.log


def test_a_runner_sees_its_own_folder_and_nothing_of_the_judge(tmp_path: Path) -> None:
    run = judge("looks-around", tmp_path)
    assert run.answer is not None, run.log
    assert "'seen': ['/root', '/runner']" in run.answer["message"]
    assert "'fds': ['0', '1', '2', " in run.answer["message"]
