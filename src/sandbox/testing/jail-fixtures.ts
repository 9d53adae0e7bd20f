import { execFileSync, spawn } from "node:child_process";
import type { SandboxLimits } from "../sandbox.ts";

/** Limits small enough to be reached in a test. */
export const smallLimits: SandboxLimits = {
  memoryBytes: 256 * 1024 * 1024,
  processes: 100,
  cpuCores: 2,
  diskBytes: 64 * 1024 * 1024,
  openFiles: 200,
  outputBytes: 1024 * 1024,
};

/** Why bubblewrap cannot be tested here; null when it can. */
export const bubblewrapMissing: string | null = (() => {
  try {
    execFileSync("bwrap", ["--unshare-user", "--ro-bind", "/", "/", "true"], { stdio: "ignore" });
    return null;
  } catch {
    return "bubblewrap is not installed or user namespaces are forbidden";
  }
})();

/** Runs a TypeScript program in a process of its own until it prints a first line. */
export function startProgram(
  source: string,
  args: readonly string[] = [],
): { firstLine: Promise<string>; kill(): Promise<void> } {
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", source, "--", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const firstLine = new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
    child.once("exit", (code) => reject(new Error(`the program ended with ${code} and said ${text}`)));
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    firstLine,
    kill: () => {
      child.kill("SIGKILL");
      return exited;
    },
  };
}
