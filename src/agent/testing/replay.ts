import { isRebenchError } from "../../errors/index.ts";
import type { Agent } from "../../run/index.ts";
import { FakeContext, type FakeContextInit, type Operation } from "./fake-context.ts";
import type { FakeWorld } from "./fake-world.ts";

/** Runs an agent until it returns or the run stops it; anything else it throws comes through. */
export async function runToEnd(agent: Agent, context: FakeContext): Promise<void> {
  try {
    await agent.run(context);
  } catch (error) {
    if (!isRebenchError(error) || error.code !== "RUN_STOPPED") throw error;
  }
}

/**
 * Proves that an agent's state is a function of its record: plays a run through, then again stopped after each
 * number of operations and resumed from the record, and throws where a resumed run differs from the whole one.
 *
 * @returns The operations of the whole run.
 */
export async function replayFromEveryCut(
  createAgent: () => Agent,
  init: Omit<FakeContextInit, "world" | "record" | "stopAfter"> & { readonly createWorld: () => FakeWorld },
): Promise<readonly Operation[]> {
  const { createWorld, ...rest } = init;
  const whole = new FakeContext({ ...rest, world: createWorld() });
  await runToEnd(createAgent(), whole);
  const expected = JSON.stringify(whole.record.operations);
  for (let cut = 0; cut <= whole.record.operations.length; cut += 1) {
    const world = createWorld();
    const before = new FakeContext({ ...rest, world, stopAfter: cut });
    await runToEnd(createAgent(), before);
    const after = new FakeContext({ ...rest, world, record: before.record });
    await runToEnd(createAgent(), after);
    if (JSON.stringify(after.record.operations) !== expected) {
      throw new Error(`a run cut after ${cut} operations went on differently`);
    }
  }
  return whole.record.operations;
}
