import { expect, test } from "vitest";
import { findConstants } from "./find-constants.ts";

const found = (path: string, text: string) =>
  findConstants(path, text).map(({ name, literal, kind }) => `${name}=${literal}:${kind}`);

test("finds Python assignments, annotated ones and keyword arguments, and not expressions", () => {
  const text = `
"""Doc with BLOCK = 1"""
BLOCK = 65_536  # was OLD = 3
rate: float = 1e-3
depth: int = -2; width = .5
offset = BLOCK + 1
size = 4 * 1024
mask = 0xFF
def kernel(x, num_warps: int = 4, eps=1e-05): pass
kernel(y, num_warps=8)
if x == 3 and y <= 4: total += 5
word = "N = 9"
text = '''
M = 7
'''
`;
  expect(found("solution.py", text)).toEqual([
    "BLOCK=65_536:integer",
    "rate=1e-3:float",
    "depth=-2:integer",
    "width=.5:float",
    "num_warps=4:integer",
    "eps=1e-05:float",
    "num_warps=8:integer",
  ]);
});

test("finds C defines and constants with suffixes, and not what is in comments", () => {
  const text = `
#define TILE 128
#define SCALE (0.5f)
// #define OLD 1
/* const int gone = 2; */
static const int threads = 4;
constexpr std::size_t kBlock = 1024ul;
constexpr unsigned width{8u};
const char *name = "const int n = 3;";
int x = 5;
#define SUM (TILE + 1)
`;
  expect(found("a/scan.cpp", text)).toEqual([
    "TILE=128:integer",
    "SCALE=0.5:float",
    "threads=4:integer",
    "kBlock=1024:integer",
    "width=8:integer",
  ]);
});

test("finds YAML, TOML and JSON values", () => {
  expect(
    found("c.yaml", "lr: 1.5\n  steps: 10 # n: 3\n- beta: 2.0e-5\nname: v2\nurl: http://x:80\n"),
  ).toEqual(["lr=1.5:float", "steps=10:integer", "beta=2.0e-5:float"]);
  expect(found("c.toml", '[a]\nlr = 0.1\nname = "x = 3"\n')).toEqual(["lr=0.1:float"]);
  expect(found("c.json", '{"lr": 1.5, "list": [1, 2], "steps" : 10}')).toEqual([
    "lr=1.5:float",
    "steps=10:integer",
  ]);
});

test("leaves seeds, versions and other kinds of file alone", () => {
  expect(found("a.py", "seed = 1\nrandom_seed = 2\nversion = 3\n__x = 4\nseeds_per_run=0\n")).toEqual([]);
  expect(found("readme.md", "N = 3")).toEqual([]);
});

test("offsets point at the number, and ordinals tell equal names apart", () => {
  const text = "é = 1\nn = 2\nn = 3\n";
  const constants = findConstants("a.py", text).filter(({ name }) => name === "n");
  expect(constants.map(({ start, end }) => text.slice(start, end))).toEqual(["2", "3"]);
  expect(constants.map(({ ordinal }) => ordinal)).toEqual([0, 1]);
});
