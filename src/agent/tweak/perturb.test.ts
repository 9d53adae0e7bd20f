import * as fc from "fast-check";
import { expect, test } from "vitest";
import { perturbations } from "./perturb.ts";

test("powers of two stay powers of two", () => {
  expect(perturbations({ kind: "integer", value: 65_536 })).toEqual([
    "131072",
    "32768",
    "262144",
    "16384",
    "524288",
    "8192",
  ]);
});

test("small integers move by one too, and do not change sign", () => {
  expect(perturbations({ kind: "integer", value: 3 })).toEqual(["6", "2", "4", "5", "12", "1"]);
  expect(perturbations({ kind: "integer", value: 0 })).toEqual(["1"]);
});

test("floats are multiplied and written so that YAML, C and Python read a float", () => {
  expect(perturbations({ kind: "float", value: 1 })).toEqual([
    "2.0",
    "0.5",
    "1.5",
    "0.666667",
    "4.0",
    "0.25",
  ]);
  expect(perturbations({ kind: "float", value: 1e-9 })[0]).toBe("2.0e-9");
});

test("shares stay shares and move by their distance from 1", () => {
  expect(perturbations({ kind: "float", value: 0.9 })).toEqual(["0.95", "0.8", "0.45", "0.6", "0.225"]);
});

test("whatever the value: every proposal is another number, and none comes twice", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("integer" as const, "float" as const),
      fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
      (kind, any) => {
        const value = kind === "integer" ? Math.round(any) : any;
        const proposals = perturbations({ kind, value }).map(Number);
        expect(proposals).not.toContain(value);
        expect(new Set(proposals).size).toBe(proposals.length);
      },
    ),
  );
});
