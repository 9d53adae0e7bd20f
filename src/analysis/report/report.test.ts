import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fabricateStudyRows } from "../testing/fabricate-study.ts";
import { type Report, renderReport } from "./report.ts";
import { writeReport } from "./write-report.ts";

const input = {
  title: "Report",
  madeAt: "2025-11-01T10:00:00.000Z",
  version: "0.1.0",
  bootstrap: { resamples: 100 },
};
const table = { rows: fabricateStudyRows(), skipped: [] };
const report = await renderReport({ ...input, table });

function fileOf({ files }: Report, path: string): string {
  const found = files.find((file) => file.path === path);
  if (typeof found?.content !== "string") throw new Error(`no text ${path}`);
  return found.content;
}

describe("renderReport", () => {
  const page = fileOf(report, "index.html");

  test("the page holds everything it shows: no script, no foreign address, links only to its own files", () => {
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; font-src data:"`);
    expect(page).not.toMatch(/<script|<link|<img|@import|<iframe/);
    const paths = new Set(report.files.map(({ path }) => path));
    const ids = new Set(Array.from(page.matchAll(/\sid="([^"]*)"/g), ([, id]) => id));
    for (const [, target = ""] of page.matchAll(/\s(?:href|src|xlink:href)="([^"]*)"/g)) {
      expect(target.startsWith("#") ? ids.has(target.slice(1)) : paths.has(target), target).toBe(true);
    }
    for (const [, address = ""] of page.matchAll(/url\(([^)]*)\)/g))
      expect(address).toMatch(/^data:font\/woff2/);
  });

  test("ids are unique, and every label leads to one", () => {
    const ids = Array.from(page.matchAll(/\sid="([^"]*)"/g), ([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/aria-labelledby="([^"]*)"/g)) expect(ids).toContain(target);
  });

  test("every drawn figure is in it with its caption, every other with its reason", () => {
    const { figures, figuresLeftOut } = report.summary;
    expect(page.match(/<svg /g)).toHaveLength(figures.length);
    for (const { title } of figures) expect(page).toContain(`aria-label="${title}"`);
    expect(figuresLeftOut).toEqual([]);
  });

  test("equal input gives equal bytes", async () => {
    const again = await renderReport({ ...input, table });
    expect(again.files.map(({ path }) => path)).toEqual(report.files.map(({ path }) => path));
    for (const [index, { path, content }] of again.files.entries()) {
      expect(Buffer.from(content).equals(Buffer.from(report.files[index]?.content ?? "")), path).toBe(true);
    }
  });

  test("progress runs from 0 up and never back", async () => {
    const fractions: number[] = [];
    await renderReport({
      ...input,
      table: { rows: [], skipped: [] },
      onProgress: (_, fraction) => fractions.push(fraction),
    });
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  });
});

describe("writeReport", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "report-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("replaces a report whole: nothing of the old one stays", () => {
    const out = join(folder, "out");
    writeReport(out, [
      { path: "report.json", content: "{}" },
      { path: "figures/old.svg", content: "" },
    ]);
    writeReport(out, [{ path: "report.json", content: "[]" }]);
    expect(readdirSync(out)).toEqual(["report.json"]);
    expect(readFileSync(join(out, "report.json"), "utf8")).toBe("[]");
    expect(readdirSync(folder)).toEqual(["out"]);
  });

  test("an empty folder is taken; one that holds more than a report, or a file, is not touched", () => {
    const files = [{ path: "report.json", content: "{}" }];
    const [empty, taken, file] = ["empty", "taken", "file"].map((name) => join(folder, name));
    mkdirSync(String(empty));
    writeReport(String(empty), files);
    mkdirSync(String(taken));
    writeFileSync(join(String(taken), "notes.txt"), "mine");
    writeFileSync(join(String(taken), "report.json"), "{}");
    writeFileSync(String(file), "mine");
    for (const path of [taken, file]) {
      expect(() => writeReport(String(path), files)).toThrow(
        expect.objectContaining({ code: "REPORT_FOLDER_TAKEN" }),
      );
    }
    expect(readdirSync(String(taken))).toEqual(["notes.txt", "report.json"]);
    expect(readdirSync(folder).toSorted()).toEqual(["empty", "file", "taken"]);
  });

  test("a place that cannot be written to is REPORT_UNWRITABLE and leaves no half report", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => writeReport(join(folder, "file", "out"), [{ path: "report.json", content: "" }])).toThrow(
      expect.objectContaining({ code: "REPORT_UNWRITABLE" }),
    );
  });
});
