import { defineErrors } from "../errors/index.ts";

/** Everything this folder throws on purpose. */
export const interopErrors = defineErrors({
  METR_FILE_MISSING: {
    fault: "caller",
    exitCode: 2,
    message: (d: { path: string }) => `METR's runs cannot be read from ${d.path}`,
    remedy: () => "name the file `runs.jsonl` that METR published; it does not come with rebench",
  },
  METR_SCALE_UNKNOWN: {
    fault: "platform",
    exitCode: 4,
    message: (d: { environment: string }) =>
      `the table of METR's scales names ${d.environment}, which the paper has not`,
    remedy: () => "report this as a bug",
  },
});
