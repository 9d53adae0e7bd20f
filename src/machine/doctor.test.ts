import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeMachine } from "./describe-machine.ts";
import { doctor, isReadyFor } from "./doctor.ts";

test("every check has its own id, and one that is not ok says what it means and what to do", async () => {
  const cacheDirectory = await mkdtemp(join(tmpdir(), "rebench-doctor-"));
  const checks = await doctor({ cacheDirectory });
  await rm(cacheDirectory, { recursive: true });
  expect(new Set(checks.map((check) => check.id)).size).toBe(checks.length);
  for (const check of checks) {
    expect(check.found).not.toBe("");
    if (check.status === "ok") expect(check).toMatchObject({ means: "", remedy: "" });
    else expect([check.id, check.means !== "", check.remedy !== ""]).toEqual([check.id, true, true]);
  }
  expect(checks.find((check) => check.id === "node")).toMatchObject({ status: "ok", found: process.version });
  expect(checks.find((check) => check.id === "toolchain")).toMatchObject({
    status: "missing",
    remedy: "run `rebench setup`",
  });
  expect(isReadyFor("laptop", checks)).toBe(false);
});

test("a use is ready when all it needs is ok, whatever else is missing", () => {
  const check = { id: "a", title: "A", found: "x", means: "", remedy: "" };
  const checks = [
    { ...check, status: "ok", neededFor: ["laptop", "paper"] },
    { ...check, status: "missing", neededFor: ["paper"] },
    { ...check, status: "warning", neededFor: [] },
  ] as const;
  expect(isReadyFor("laptop", checks)).toBe(true);
  expect(isReadyFor("paper", checks)).toBe(false);
});

test("a machine is described the same every time, without its name", async () => {
  const first = await describeMachine();
  expect(await describeMachine()).toEqual(first);
  expect(first.id).toMatch(/^[0-9a-f]{16}$/);
  expect(first.memoryBytes).toBeGreaterThan(2 ** 28);
});
