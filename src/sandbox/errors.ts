import { defineErrors } from "../errors/index.ts";

/** What can go wrong with the machinery of a sandbox; what goes wrong inside one is data. */
export const sandboxErrors = defineErrors({
  SANDBOX_UNAVAILABLE: {
    fault: "caller",
    exitCode: 3,
    message: (d: { driver: string; reason: string; remedy: string }) =>
      `the ${d.driver} sandbox cannot run on this machine: ${d.reason}`,
    remedy: (d: { driver: string; reason: string; remedy: string }) => d.remedy,
  },
  SANDBOX_LOST: {
    fault: "platform",
    exitCode: 4,
    message: (d: { driver: string; reason: string }) => `the ${d.driver} sandbox is gone: ${d.reason}`,
    remedy: () => "continue the run in a new sandbox with `rebench resume`",
  },
  SANDBOX_SOURCE_MISSING: {
    fault: "platform",
    exitCode: 3,
    message: (d: { source: string; target: string }) =>
      `there is nothing at ${d.source} to show inside the sandbox at ${d.target}`,
    remedy: () => "prepare the environment again with `rebench prepare`, the Python with `rebench setup`",
  },
  SANDBOX_SOURCE_UNREADABLE: {
    fault: "platform",
    exitCode: 3,
    message: (d: { source: string; target: string }) =>
      `sandboxes run as a user of their own, who may not read ${d.source}, which is to be seen at ${d.target}`,
    remedy: (d: { source: string; target: string }) => `let everyone read it: \`chmod -R a+rX ${d.source}\``,
  },
});
