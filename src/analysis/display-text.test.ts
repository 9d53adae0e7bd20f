import { describe, expect, test } from "vitest";
import { escapeMarkup, toDisplayLine, toDisplayText } from "./display-text.ts";

describe("display text", () => {
  test("what would hide, reorder or break text becomes a replacement character", () => {
    expect(toDisplayText("a\u0000b\u001b[31mc\u202ed\u200be\ud800f")).toBe("a�b�[31mc�d�e�f");
  });

  test("words, accents, other scripts, tabs and lines stay, line ends become one kind", () => {
    expect(toDisplayText("é 漢 😀\tx\r\ny\n")).toBe("é 漢 😀\tx\ny\n");
  });

  test("a line is one line and is cut between characters", () => {
    expect(toDisplayLine(" a\n b ", 10)).toBe("a b");
    expect(toDisplayLine("😀😀😀", 2)).toBe("😀…");
  });
});

test("markup is inert both between tags and within quotes", () => {
  expect(escapeMarkup(`<a b="c" d='e'>&`)).toBe("&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
});
