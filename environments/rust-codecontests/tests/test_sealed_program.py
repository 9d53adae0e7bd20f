"""What a hostile Rust program reaches and spends in its sandbox: nothing, and no more than its limits.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
"""

import os
import platform
import re
from pathlib import Path

import pytest
from rebench_common.testing import python_folders
from rust_support import local_runner
from sealed_program import Limits, SealedProgram

LIMITS = Limits(compile_seconds=2, cpu_seconds=0.2, memory_mib=128, output_bytes=1 << 20)
PATIENCE_SECONDS = 60
SUM = """
use std::io::{self, Read};
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    println!("{}", text.split_whitespace().map(|x| x.parse::<i64>().unwrap()).sum::<i64>());
}
"""

PROBE = r"""
use std::fs;
use std::io::Write;
use std::net::{TcpStream, UdpSocket};
extern "C" {
    fn fork() -> i32;
    fn close(number: i32) -> i32;
    fn getppid() -> i32;
    fn setrlimit(kind: i32, limit: *const [u64; 2]) -> i32;
}
fn list(path: &str) -> String {
    match fs::read_dir(path) {
        Ok(entries) => {
            let mut names: Vec<String> =
                entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names.join(",")
        }
        Err(_) => "none".to_string(),
    }
}
fn main() {
    for path in ["/workspace", "/snapshot", "/assets", "/environment", "/common", "/scratch", "/root"] {
        println!("{} [{}]", path, list(path));
    }
    println!("variables [{}]", std::env::vars().map(|(name, _)| name).collect::<Vec<_>>().join(","));
    println!("tcp {}", TcpStream::connect("127.0.0.1:4000").is_ok());
    println!("udp {}", UdpSocket::bind("0.0.0.0:0").and_then(|s| s.send_to(b"x", "192.0.2.1:9")).is_ok());
    let parent = unsafe { getppid() };
    println!("memory {}", fs::OpenOptions::new().write(true).open(format!("/proc/{}/mem", parent)).is_ok());
    println!("descriptors {}", fs::read_link(format!("/proc/{}/fd/0", parent)).is_ok());
    println!("environ {}", fs::read(format!("/proc/{}/environ", parent)).is_ok());
    println!("left {}", fs::metadata("/tmp/left").map(|found| found.len()).unwrap_or(0));
    println!("more {}", unsafe { setrlimit(0, &[1000, 1000]) } == 0);
    let others = fs::read_dir("/proc").unwrap().filter(|entry| {
        entry.as_ref().unwrap().file_name().into_string().unwrap().parse::<i32>().is_ok()
    });
    println!("processes {}", others.count());
    std::io::stdout().flush().unwrap();
    unsafe {
        if fork() == 0 {
            for number in 0..3 { close(number); }
            loop { std::thread::sleep(std::time::Duration::from_secs(1)); }
        }
        setrlimit(1, &[u64::MAX, u64::MAX]);
    }
    let _ = fs::write("/tmp/left", "for the next test");
}
"""


@pytest.fixture
def runner(tmp_path: Path) -> tuple[str, ...]:
    """Prefix of a sandbox with a snapshot that holds a file."""
    (tmp_path / "secret.rs").write_text('"found"')
    return local_runner(tmp_path)


def test_an_honest_program_answers_each_input(runner: tuple[str, ...]) -> None:
    with SealedProgram(runner, LIMITS) as program:
        assert program.compile(SUM.encode(), PATIENCE_SECONDS).status == "ok"
        for text, expected in ((b"1 2 3\n", b"6\n"), (b"", b"0\n"), (b"7 " * 100_000, b"700000\n")):
            execution = program.run(text, PATIENCE_SECONDS)
            assert (execution.status, execution.output) == ("ok", expected)


def test_a_program_sees_no_file_no_network_no_other_process(runner: tuple[str, ...]) -> None:
    with SealedProgram(runner, LIMITS) as program:
        compiled = program.compile(PROBE.encode(), PATIENCE_SECONDS)
        assert compiled.status == "ok", compiled.output.decode()
        outputs = []
        for _ in range(2):
            execution = program.run(b"", PATIENCE_SECONDS)
            # The last thing it tries, to write into a file, is its end.
            assert execution.status == "crashed"
            outputs.append(execution.output.decode())
    assert outputs[0] == outputs[1]
    seen = dict(line.split(" ", 1) for line in outputs[0].splitlines())
    processes = int(seen.pop("processes"))
    # The sandbox's first process, what runs programs, and the program itself.
    assert processes <= 3
    # Python itself may be installed below a home folder, and then it is seen there.
    home = Path("/root")
    above = {Path(folder).parts[2] for folder in python_folders() if Path(folder).is_relative_to(home)}
    assert set(re.findall(r"[^\[\],]+", seen.pop(str(home)))) == above
    assert seen == {
        "/workspace": "[]",
        "/snapshot": "[none]",
        "/assets": "[none]",
        "/environment": "[none]",
        "/common": "[none]",
        "/scratch": "[none]",
        "variables": "[PATH,LANG]",
        "tcp": "false",
        "udp": "false",
        "memory": "false",
        "descriptors": "false",
        "environ": "false",
        "left": "0",
        "more": "false",
    }


@pytest.mark.parametrize(
    "source",
    [
        'fn main() { println!("{}", include_str!("/workspace/secret.rs")); }',
        'fn main() { println!("{}", include!("/workspace/secret.rs")); }',
        'const S: &[u8] = include_bytes!("/snapshot/secret.rs"); fn main() { println!("{:?}", S); }',
        '#[path = "/workspace/secret.rs"] mod secret; fn main() {}',
        'fn main() { println!("{}", env!("OPENAI_API_KEY")); }',
        "#![feature(test)] extern crate test; fn main() {}",
        "extern crate proc_macro; use proc_macro::TokenStream; #[proc_macro] pub fn a(x: TokenStream) "
        "-> TokenStream { x } fn main() {}",
        "Sure! Here is the program:\n```rust\nfn main() {}\n```",
        "fn main() { \0 }",
        "",
    ],
    ids=["str", "include", "bytes", "module", "env", "feature", "macro", "prose", "nul", "empty"],
)
def test_what_is_no_plain_program_does_not_compile(source: str, runner: tuple[str, ...]) -> None:
    with SealedProgram(runner, LIMITS) as program:
        assert program.compile(source.encode(), PATIENCE_SECONDS).status == "crashed"


@pytest.mark.parametrize(
    "bomb",
    [
        "const fn f(n: u64) -> u64 { if n < 2 { 1 } else { f(n - 1) + f(n - 2) } } const X: u64 = f(60);"
        'fn main() { println!("{}", X); }',
        "macro_rules! m { ($($t:tt)*) => { m!($($t)* $($t)* a); } } fn main() { m!(a); }",
        'static X: [u64; 1 << 34] = [1; 1 << 34]; fn main() { println!("{}", X[5]); }',
        "trait T { fn f(self) -> u64; } struct S<A, B>(A, B); impl T for u8 { fn f(self) -> u64 { 1 } }"
        "impl<A: Copy, B: Copy> T for S<A, B> {"
        "fn f(self) -> u64 { S(S(self.0, self.1), S(self.1, self.0)).f() } }"
        "impl<A: Copy, B: Copy> Clone for S<A, B> { fn clone(&self) -> Self { *self } }"
        'impl<A: Copy, B: Copy> Copy for S<A, B> {} fn main() { println!("{}", S(1u8, 2u8).f()); }',
    ],
    ids=["const-time", "macro", "static-memory", "recursive-types"],
)
def test_a_compile_bomb_ends_at_its_limits(bomb: str, runner: tuple[str, ...]) -> None:
    with SealedProgram(runner, LIMITS) as program:
        assert program.compile(bomb.encode(), PATIENCE_SECONDS).status in ("slow", "crashed", "output")


RUNS = {
    "endless": ("loop { unsafe { std::ptr::read_volatile(&1u8); } }", "slow"),
    "sleeping": ("std::thread::sleep(std::time::Duration::from_secs(99));", "slow"),
    "ten-gigabytes": (
        "use std::io::Write; let block = [b'1'; 65536]; let mut out = std::io::stdout();"
        "for _ in 0..160_000 { out.write_all(&block).unwrap(); }",
        "output",
    ),
    "memory": ("let v = vec![1u8; 1 << 30]; println!(\"{}\", v[7]);", "crashed"),
    "deep": (
        "fn f(n: u64) -> u64 { let a = [n; 500]; unsafe { std::ptr::read_volatile(&a[7]) + f(n + 1) } }"
        "println!(\"{}\", f(1));",
        "crashed",
    ),
    "forks": ("extern \"C\" { fn fork() -> i32; } while unsafe { fork() } < 0 {}", "slow"),
    "ignores-the-limit": (
        "extern \"C\" { fn signal(n: i32, h: usize) -> usize; } unsafe { signal(24, 1); signal(15, 1); }"
        "loop { unsafe { std::ptr::read_volatile(&1u8); } }",
        "slow",
    ),
    "kills-parent": (
        "extern \"C\" { fn kill(p: i32, s: i32); fn getppid() -> i32; } unsafe { kill(getppid(), 9); }",
        "crashed",
    ),
}  # fmt: skip


def test_a_program_that_goes_too_far_is_stopped_and_the_next_run_is_as_good_as_the_first(
    runner: tuple[str, ...],
) -> None:
    arms = " ".join(f'"{name}" => {{ {body} }}' for name, (body, _) in RUNS.items())
    source = (
        "#![allow(unreachable_code, unconditional_recursion)] fn main() { let mut t = String::new();"
        f'std::io::stdin().read_line(&mut t).unwrap(); match t.trim() {{ {arms} _ => println!("fine") }} }}'
    )
    with SealedProgram(runner, LIMITS) as program:
        compiled = program.compile(source.encode(), PATIENCE_SECONDS)
        assert compiled.status == "ok", compiled.output.decode()
        for name, (_, status) in RUNS.items():
            assert program.run(f"{name}\n".encode(), PATIENCE_SECONDS).status == status, name
            if name != "kills-parent":
                again = program.run(b"fine\n", PATIENCE_SECONDS)
                assert (again.status, again.output) == ("ok", b"fine\n"), name


PROCESSES = r"""
extern "C" { fn fork() -> i32; fn vfork() -> i32; fn syscall(number: i64, ...) -> i64; }
fn main() {
    let flags: [u64; 11] = [0; 11];
    unsafe { println!("{} {} {}", fork(), vfork(), syscall(435, &flags as *const u64, 88)); }
    #[cfg(target_arch = "x86_64")]
    unsafe { println!("{}", syscall(56, 0x4111, 0, 0, 0, 0)); }
    println!("{}", std::process::Command::new("/usr/bin/rustc").spawn().is_ok());
    let bigger = std::thread::Builder::new().stack_size(64 << 20);
    let deep = bigger.spawn(|| { fn f(n: u64) -> u64 { if n == 0 { 0 } else { 1 + f(n - 1) } } f(100_000) });
    println!("{}", deep.unwrap().join().unwrap());
}
"""
WORK_OF_FOUR = """
fn main() {
    let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(|| {
        let end = std::time::Instant::now() + std::time::Duration::from_millis(150);
        while std::time::Instant::now() < end {}
    })).collect();
    for thread in threads { thread.join().unwrap(); }
}
"""


def test_a_program_is_one_process_whose_threads_are_all_counted(runner: tuple[str, ...]) -> None:
    with SealedProgram(runner, LIMITS) as program:
        assert program.compile(PROCESSES.encode(), PATIENCE_SECONDS).status == "ok"
        execution = program.run(b"", PATIENCE_SECONDS)
        refused = "-1 -1 -1\n-1\n" if platform.machine() == "x86_64" else "-1 -1 -1\n"
        assert (execution.status, execution.output.decode()) == ("ok", f"{refused}false\n100000\n")
    with SealedProgram(runner, LIMITS) as program:
        assert program.compile(WORK_OF_FOUR.encode(), PATIENCE_SECONDS).status == "ok"
        execution = program.run(b"", PATIENCE_SECONDS)
        # Two processors give each of four threads 0.075 s of its own in that time; one, 0.15 s in all.
        assert execution.cpu_seconds > (0.2 if (os.cpu_count() or 1) > 1 else 0.1)
