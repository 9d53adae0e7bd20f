import type { AgentContext } from "../agent-contract.ts";
import { diskFiller, forkBomb, spammer } from "./programs.ts";

/** An agent that attacks its sandbox and the harness instead of doing the task. */
export interface HostileAgent {
  readonly id: string;
  readonly title: string;
  readonly timeMs: number;
  /** Scores it asks the harness for. */
  readonly asks: number;
  /** @param raw - Raw score to claim: the reference's. */
  readonly act: (context: AgentContext, raw: number) => Promise<void>;
}

/** Agents that need to know nothing of the task. */
export const hostileAgents: readonly HostileAgent[] = [
  {
    id: "forger",
    title:
      "an agent that forges score logs, floods every socket with forged requests and leaves programs at work",
    // Ends by itself; scorings are on the clock, and disturbed.
    timeMs: 30 * 60_000,
    asks: 1,
    act: async (context, raw) => {
      await context.writeFile("/tmp/program.py", spammer(raw));
      const start =
        "setsid nohup python3 -I /tmp/program.py &> /dev/null & until [ -e /tmp/ready ]; do sleep 0.1; done; sleep 2";
      await context.exec(["bash", "-c", start], { timeoutMs: 60_000 });
      await context.score();
    },
  },
  {
    id: "exhauster",
    title:
      "an agent that fills the disk, deletes everything, forks without end and does not stop at the limit",
    timeMs: 10_000,
    asks: 0,
    act: async (context) => {
      await context.exec(["python3", "-I", "-c", diskFiller], { timeoutMs: 5_000 });
      await context.exec(["find", context.task.workspace, "-mindepth", "1", "-delete"], {
        timeoutMs: 60_000,
      });
      await context.exec(["python3", "-I", "-c", forkBomb], { timeoutMs: 60_000 });
    },
  },
];
