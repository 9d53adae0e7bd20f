import { describe, expect, test } from "vitest";
import { fabricateRun } from "../testing/fabricate-run.ts";
import { type RunPageInput, renderRunPage } from "./run-page.ts";

const tweak = fabricateRun({
  agent: "tweak",
  scorings: [
    { minutes: 0, raw: 10 },
    { minutes: 0.5, raw: 6, message: "6.0 ms" },
    { minutes: 1, failure: "invalid", message: "wrong answer in row 7" },
  ],
});

function pageOf(input: Partial<RunPageInput> = {}): Promise<string> {
  return renderRunPage({
    title: "First run",
    madeAt: "2025-11-01T10:00:00.000Z",
    runs: [tweak],
    machine: [{ label: "Processor", value: "Example CPU, 2 cores" }],
    next: [{ command: "npx rebench list", purpose: "See every environment." }],
    ...input,
  });
}

/** Text of the first table row whose header cell holds `name`, cells divided by `|`. */
function rowOf(page: string, name: string): string {
  const row = Array.from(
    page.matchAll(/<tr[^>]*>\s*<th scope="row"[\s\S]*?<\/tr>/g),
    ([match]) => match,
  ).find((match) => match.includes(name));
  return (row ?? "")
    .replaceAll(/<\/t[hd]>/g, "|")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ?\| ?/g, "|")
    .trim();
}

describe("run page", () => {
  test("a run has a row with its score, scorings, clock and how it ended", async () => {
    expect(rowOf(await pageOf(), "tweak")).toBe("tweak|0.50|6.000|2 of 3|2:00 of 2:00|time limit|");
  });

  test("a run without a score says none, never 0", async () => {
    const page = await pageOf({
      runs: [fabricateRun({ agent: "idle", scorings: [{ minutes: 0, failure: "invalid" }] })],
    });
    expect(rowOf(page, "idle")).toBe("idle|none|none|0 of 1|2:00 of 2:00|time limit|");
  });

  test("a score under review is shown beside the one that counts", async () => {
    const page = await pageOf({
      runs: [
        fabricateRun({
          agent: "fast",
          scorings: [
            { minutes: 0, raw: 10 },
            { minutes: 1, raw: -6, flagged: true },
          ],
        }),
      ],
    });
    expect(rowOf(page, "fast")).toBe("fast|0.00|2.00|10.00|1 of 2|2:00 of 2:00|time limit|");
    expect(page).toContain("flagged: implausible");
  });

  test("confirming scorings give median, interval and number", async () => {
    const rescorings = [4, 5, 6].map((raw) => ({
      entry: 1,
      purpose: "confirm" as const,
      batch: "b",
      result: {
        result: "scored" as const,
        raw,
        normalized: (10 - raw) / 8,
        flag: null,
        message: "",
        details: {},
      },
    }));
    const page = await pageOf({ runs: [{ ...tweak, state: { ...tweak.state, rescorings } }] });
    expect(rowOf(page, "tweak")).toContain("0.50|0.63 [0.50, 0.75] (k = 3)|6.000");
  });

  test("the log of a run has every entry, its snapshot and its message, and marks the one that counts", async () => {
    const page = await pageOf();
    const log = page.slice(page.indexOf("Score log of run"));
    for (const { snapshot } of tweak.state.entries) expect(log).toContain(`title="${snapshot?.treeSha256}"`);
    expect(log).toContain("wrong answer in row 7");
    expect(log.match(/class="final"/g)).toHaveLength(1);
    expect(log).toContain("invalid: wrong-answer");
  });

  test("what is needed to check a run is there: hashes, head of the chain, versions, anchors and their source", async () => {
    const page = await pageOf();
    const { environment, versions } = tweak.record;
    const snapshot = tweak.state.entries[1]?.snapshot?.treeSha256;
    for (const text of [
      tweak.head,
      environment.sha256,
      environment.assets.sha256,
      snapshot,
      tweak.record.runId,
    ]) {
      expect(page).toContain(`<code>${text}</code>`);
    }
    for (const [name, version] of Object.entries(versions)) expect(page).toContain(`${name} ${version}`);
    expect(page).toContain("measured 2025-11-01 09:00 UTC, machine 2 cores, no GPU");
    expect(page).toContain("Example CPU, 2 cores");
    expect(page).toContain("<code>npx rebench list</code>");
  });

  test("runs of different environments are not compared", async () => {
    const other = {
      ...tweak,
      record: {
        ...tweak.record,
        environment: { ...tweak.record.environment, id: "other", title: "Another Task" },
      },
    };
    const page = await pageOf({ runs: [tweak, other] });
    expect(page.match(/<svg /g)).toHaveLength(2);
    expect(page).toContain(">Another Task, laptop scale</h2>");
  });

  test("equal input gives equal bytes", async () => {
    expect(await pageOf()).toBe(await pageOf({ runs: [structuredClone(tweak)] }));
  });

  test("no run at all is a page that says so", async () => {
    expect(await pageOf({ runs: [], next: [] })).toContain("No runs.");
  });
});

describe("hostile runs", () => {
  const attack = `<img src=x onerror=alert(1)>"' onclick='x' </title></style></script><script>alert(1)</script>\u202e\u0000`;
  const hostile = fabricateRun({
    agent: attack,
    model: attack,
    runId: attack,
    scorings: [
      { minutes: 0, raw: 10, message: attack },
      { minutes: 1, failure: "invalid", message: attack.repeat(10_000) },
    ],
    record: { seed: attack, versions: { [attack]: attack } },
    state: { ending: { reason: "agent-failed", message: attack } },
  });

  test("cannot add an element, an attribute or a character that hides", async () => {
    const honest = await pageOf({
      runs: [fabricateRun({ agent: "a", model: "m", scorings: [{ minutes: 0, raw: 10 }] })],
    });
    const page = await pageOf({
      runs: [hostile],
      title: attack,
      machine: [{ label: attack, value: attack }],
      next: [{ command: attack, purpose: attack }],
    });
    const tags = (text: string) =>
      new Set(Array.from(text.matchAll(/<\/?([a-z][a-z0-9]*)/gi), ([, tag]) => tag));
    expect(tags(page)).toEqual(tags(honest));
    expect(page).not.toContain("\u202e");
    expect(page).not.toContain("\u0000");
    for (const [tag] of page.matchAll(/<[a-z][^>]*>/gi)) {
      expect(tag.replaceAll(/"[^"]*"/g, '""')).not.toMatch(/onerror|onclick|'/);
    }
  });

  test("cannot swell the page with one message", async () => {
    expect((await pageOf({ runs: [hostile] })).length).toBeLessThan((await pageOf()).length + 20_000);
  });
});

describe("standing alone", () => {
  test("nothing is loaded from anywhere, and nothing may be", async () => {
    const page = await pageOf();
    expect(page).not.toContain("<script");
    expect(page).not.toContain("<link");
    expect(page).not.toContain("@import");
    for (const [, target = ""] of page.matchAll(/\s(?:href|src|action|data|xlink:href)="([^"]*)"/g)) {
      expect(target).toMatch(/^#/);
    }
    for (const [, address = ""] of page.matchAll(/url\(([^)]*)\)/g))
      expect(address).toMatch(/^data:font\/woff2/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; font-src data:"`);
  });

  test("ids are unique and every fragment leads to one", async () => {
    const page = await pageOf({ runs: [tweak, fabricateRun({ agent: "other", scorings: [] })] });
    const ids = Array.from(page.matchAll(/\sid="([^"]*)"/g), ([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target);
    for (const [, target] of page.matchAll(/aria-labelledby="([^"]*)"/g)) expect(ids).toContain(target);
  });

  test("landmarks, one first heading, captions and scopes are there for those who listen", async () => {
    const page = await pageOf();
    for (const landmark of ["<header>", "<main>", "<footer>"]) expect(page).toContain(landmark);
    expect(page.match(/<h1>/g)).toHaveLength(1);
    expect(page.match(/<caption>/g)).toHaveLength(page.match(/<table>/g)?.length ?? 0);
    expect(page).not.toMatch(/<th(?![^>]*scope=)[\s>]/);
    expect(page).toMatch(/<svg [^>]*role="img" aria-label="Best normalized score so far"/);
  });
});
