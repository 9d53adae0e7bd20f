import { describe, expect, test } from "vitest";
import { toCellText, toCsv } from "./table.ts";

const columns = [
  { key: "name", label: "Name", format: "text" },
  { key: "value", label: "Value", format: "score" },
] as const;

describe("toCsv", () => {
  test("keeps full precision, and nothing stands for what is not known", () => {
    const rows = [{ name: "a", value: 1 / 3 }, { name: "b", value: null }, { name: "c" }];
    expect(toCsv({ columns, rows })).toBe("name,value\r\na,0.3333333333333333\r\nb,\r\nc,\r\n");
  });

  test("quotes what would break a line", () => {
    const rows = [{ name: 'a, "b"\nc', value: 0 }];
    expect(toCsv({ columns, rows })).toBe('name,value\r\n"a, ""b""\nc",0\r\n');
  });

  test.each(["=1+1", "+1", "-1", "@x", "\tx"])("a spreadsheet runs no %j", (name) => {
    expect(toCsv({ columns, rows: [{ name, value: -1 }] })).toContain(`'${name}`);
    expect(toCsv({ columns, rows: [{ name, value: -1 }] })).toContain(",-1\r\n");
  });
});

test.each([
  [null, "score", "–"],
  [-0.123, "score", "−0.12"],
  [-0.001, "score", "0.00"],
  [0.825, "percent", "83 %"],
  [1_234, "count", "1,234"],
  [-0.4127, "raw", "−0.4127"],
  [1_234_567, "amount", "1,230,000"],
  [true, "text", "yes"],
] as const)("%s as %s is shown as %s", (value, format, text) => {
  expect(toCellText(value, format)).toBe(text);
});
