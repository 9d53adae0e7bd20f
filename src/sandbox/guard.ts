import { spawn } from "node:child_process";
import type { ControlGroup } from "./control-group.ts";
import { quote, systemPath } from "./shell-words.ts";

/**
 * A shell that waits on a pipe from the harness. When the harness dies, however it dies, the pipe closes and the
 * shell wakes what was frozen, kills what is left and removes the control groups.
 *
 * @param killLine - shell line that kills what the group does not hold; run once, since it may name processes by
 * numbers that others get later
 */
export function startGuard(
  killLine: string,
  group: ControlGroup | null,
  env: NodeJS.ProcessEnv = { PATH: systemPath },
): { release(): void } {
  const folders = (group?.folders ?? []).map(quote);
  const script = [
    'if read -r word && [ "$word" = released ]; then exit 0; fi',
    killLine,
    "attempt=0",
    "while [ $attempt -lt 300 ]; do",
    "attempt=$((attempt + 1))",
    group?.wakeAndKillScript ?? "",
    ...folders.map((folder) => `rmdir ${folder}`),
    `${["true", ...folders.map((folder) => `[ ! -d ${folder} ]`)].join(" && ")} && exit 0`,
    "sleep 0.1",
    "done",
  ].join("\n");
  const guard = spawn("/bin/sh", ["-c", script], {
    stdio: ["pipe", "ignore", "ignore"],
    env,
    cwd: "/",
    detached: true,
  });
  guard.unref();
  guard.stdin.on("error", () => {});
  if ("unref" in guard.stdin && typeof guard.stdin.unref === "function") guard.stdin.unref();
  return { release: () => void guard.stdin.end("released\n") };
}
