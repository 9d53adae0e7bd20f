import { beforeAll } from "vitest";
import { isRebenchError } from "../../errors/index.ts";
import { sandboxContract } from "../sandbox-contract.ts";
import { buildImage } from "./build-image.ts";
import { createContainerDriver, defaultImage } from "./container-driver.ts";
import { findEngine } from "./engine.ts";

const engine = await findEngine().catch((error: unknown) => {
  if (isRebenchError(error)) return error.message;
  throw error;
});

beforeAll(async () => {
  if (typeof engine === "string") return;
  const isThere = (await engine.run(["image", "inspect", defaultImage])).exitCode === 0;
  if (!isThere) await buildImage(engine, defaultImage);
}, 120_000);

sandboxContract({
  driver: createContainerDriver(),
  isolates: true,
  usesEngine: true,
  missing: typeof engine === "string" ? engine : null,
});
