import { defineErrors } from "../errors/index.ts";

/** What can be wrong with a command line itself, and with where its output goes. */
export const cliErrors = defineErrors({
  USAGE_WRONG: {
    fault: "caller",
    exitCode: 2,
    message: (d: { problem: string }) => d.problem,
    remedy: (d: { problem: string; command: string | null }) =>
      `see \`rebench ${d.command === null ? "" : `${d.command} `}--help\``,
  },
  MODEL_ADDRESS_UNCONFIRMED: {
    fault: "caller",
    exitCode: 2,
    message: (d: { baseUrl: string }) =>
      `the run's record names the address ${d.baseUrl}, and your key and the agent's files would go there`,
    remedy: () =>
      "if you know that address, say so with `--base-url`; if not, the record is not to be trusted",
  },
  PAGE_UNWRITABLE: {
    fault: "caller",
    exitCode: 3,
    message: (d: { path: string; detail: string }) => `cannot write the page ${d.path}: ${d.detail}`,
    remedy: () => "name a file in a folder that is there and that you may write to with `--out`",
  },
  SYSTEM_REFUSED: {
    fault: "platform",
    exitCode: 3,
    message: (d: { detail: string }) => `the operating system refused: ${d.detail}`,
    remedy: (d: { detail: string; code: string }) => systemRemedies[d.code] ?? "see `rebench doctor`",
  },
});

/** What to do about a failed system call, by its code. What is not listed here is taken for a defect of ours. */
export const systemRemedies: Readonly<Record<string, string>> = {
  ENOSPC: "free some disk space, then try again",
  EDQUOT: "free some of your disk quota, then try again",
  EROFS: "name a folder on a disk that can be written to",
  EACCES: "make that place readable and writable for you, or name another",
  EPERM: "make that place readable and writable for you, or name another",
  ENOTDIR: "name a folder where a folder is wanted",
  EISDIR: "name a file where a file is wanted",
  EMFILE: "raise the limit on open files (`ulimit -n 8192`), then try again",
  ENFILE: "close other programs: the machine has no open files left",
  ENOMEM: "close other programs: the machine has no memory left",
  EIO: "check the disk: it cannot be read or written",
  EADDRINUSE: "choose another port",
};
