import { defineConfig } from "vitest/config";

/**
 * `unit` sits beside the code; its files mostly wait, so as many run at once as there are cores (Vitest itself
 * would take one less). `whole` starts the real program, sandboxes and judges, one file at a time, after the others.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "tests/house/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: "100%",
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "whole",
          include: ["tests/**/*.test.ts"],
          exclude: ["tests/house/**"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
