import { defineErrors } from "../errors/index.ts";

export const cliErrors = defineErrors({
  DURATION_MALFORMED: {
    fault: "caller",
    exitCode: 2,
    message: (d: { text: string }) => `"${d.text}" is not a duration`,
    remedy: () => "write hours, minutes and seconds like 90s, 2m, 1h30m or 8h",
  },
  OPTION_MALFORMED: {
    fault: "caller",
    exitCode: 2,
    message: (d: { option: string; text: string; wanted: string }) =>
      `${d.option} is "${d.text}", which is not ${d.wanted}`,
    remedy: (d: { option: string; wanted: string }) => `give ${d.option} ${d.wanted}`,
  },
});
