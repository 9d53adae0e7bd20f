import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EventLog, readEvents } from "./event-log.ts";
import type { RunEvent } from "./events.ts";

const genesis = "0".repeat(64);
let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "event-log-"));
  path = join(directory, "events.jsonl");
});
afterEach(() => rmSync(directory, { recursive: true }));

function open(onEvent: (event: RunEvent) => void = () => {}, now = () => 1_000): EventLog {
  return EventLog.open({ path, firstPrevious: genesis, now, onEvent });
}

function writeNotes(count: number): void {
  using log = open();
  for (let index = 0; index < count; index += 1) {
    log.append({ type: "note-added", operation: index, request: { text: `note ${index}` } });
  }
}

describe("event log", () => {
  test("reads back what was appended, in order and linked", () => {
    writeNotes(3);
    const events = [...readEvents(path, genesis)];
    expect(events).toMatchObject([
      { seq: 0, previous: genesis, type: "note-added", request: { text: "note 0" } },
      { seq: 1, type: "note-added", request: { text: "note 1" } },
      { seq: 2, type: "note-added", request: { text: "note 2" } },
    ]);
  });

  test("continues a log that another process began", () => {
    writeNotes(2);
    const seen: number[] = [];
    {
      using log = open((event) => seen.push(event.seq));
      expect(log.append({ type: "clock-ticked" }).seq).toBe(2);
    }
    expect(seen).toEqual([0, 1]);
  });

  test("a byte exchanged for one that reads the same is noticed", () => {
    using log = open();
    log.append({ type: "note-added", operation: 0, request: { text: "odd: \ufffd" } });
    const bytes = readFileSync(path);
    const at = bytes.indexOf(Buffer.from("\ufffd"));
    writeFileSync(path, Buffer.concat([bytes.subarray(0, at), Buffer.of(0xff), bytes.subarray(at + 3)]));
    expect([...readEvents(path, genesis)]).toMatchObject([{ kind: "broken", line: 1 }]);
  });

  test("a line without an end that no event could be is broken, not torn, and never cut off", () => {
    writeFileSync(path, "");
    truncateSync(path, 2 ** 34);
    expect([...readEvents(path, genesis)]).toMatchObject([{ kind: "broken", line: 1 }]);
    expect(() => open()).toThrow(expect.objectContaining({ code: "RUN_LOG_BROKEN" }));
  });

  test("a link in the place of the log is not followed, so nothing elsewhere is cut", () => {
    const elsewhere = join(directory, "elsewhere");
    writeFileSync(elsewhere, "one line without its end");
    symlinkSync(elsewhere, path);
    expect(() => open()).toThrow(expect.objectContaining({ code: "RUN_UNWRITABLE" }));
    expect(readFileSync(elsewhere, "utf8")).toBe("one line without its end");
  });

  test("time never goes back, even when the machine's clock does", () => {
    let now = 5_000;
    using log = open(
      () => {},
      () => now,
    );
    log.append({ type: "clock-ticked" });
    now = 1_000;
    expect(log.append({ type: "clock-ticked" }).at).toBe(5_000);
  });

  test("cuts off a line the writer died in, at every possible byte", () => {
    writeNotes(2);
    const whole = readFileSync(path);
    const firstLine = whole.indexOf(10) + 1;
    for (let length = firstLine + 1; length < whole.length; length += 1) {
      writeFileSync(path, whole.subarray(0, length));
      let count = 0;
      {
        using log = open(() => {
          count += 1;
        });
        log.append({ type: "clock-ticked" });
      }
      expect(count).toBe(1);
      expect([...readEvents(path, genesis)]).toMatchObject([{ seq: 0 }, { seq: 1, type: "clock-ticked" }]);
    }
  });

  test.each([
    ["a changed word", (text: string) => text.replace("note 1", "note 9"), /changed after it was written/],
    [
      "a line taken out",
      (text: string) => text.split("\n").toSpliced(1, 1).join("\n"),
      /number 2 where 1 is due/,
    ],
    ["two lines exchanged", (text: string) => swapLines(text), /number 2 where 1 is due/],
    ["garbage between", (text: string) => text.replace("\n", "\nnot json\n"), /not JSON/],
    [
      "an unknown event",
      (text: string) => text.replace('"note-added"', '"note-invented"'),
      /unknown event type/,
    ],
  ])("names the line of %s and refuses to go on", (_what, damage, detail) => {
    writeNotes(4);
    writeFileSync(path, damage(readFileSync(path, "utf8")));
    expect(() => open()).toThrow(
      expect.objectContaining({ code: "RUN_LOG_BROKEN", message: expect.stringMatching(detail) }),
    );
  });

  test("refuses a log that belongs to another run record", () => {
    writeNotes(1);
    expect(() =>
      EventLog.open({ path, firstPrevious: "1".repeat(64), now: () => 0, onEvent: () => {} }),
    ).toThrow(expect.objectContaining({ code: "RUN_LOG_BROKEN" }));
  });

  test("refuses events of a newer version and changes nothing", () => {
    writeNotes(1);
    appendFileSync(path, `{"hash":"${genesis}","schemaVersion":2,"seq":1,"type":"from-the-future"}\n`);
    const before = readFileSync(path);
    expect(() => open()).toThrow(expect.objectContaining({ code: "RUN_TOO_NEW" }));
    expect(readFileSync(path)).toEqual(before);
  });

  test("a chain cut at a whole line still reads, with fewer events", () => {
    writeNotes(3);
    const whole = readFileSync(path, "utf8");
    truncateSync(path, whole.lastIndexOf("\n", whole.length - 2) + 1);
    expect([...readEvents(path, genesis)]).toHaveLength(2);
  });
});

function swapLines(text: string): string {
  const [first = "", second = "", third = "", ...rest] = text.split("\n");
  return [first, third, second, ...rest].join("\n");
}
