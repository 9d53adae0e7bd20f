import { join } from "node:path";
import { createContext } from "../src/cli/context.ts";
import { builtInEnvironments, loadEnvironment, prepareAssets } from "../src/environment/index.ts";
import { openSolutionBench, type SolutionBench } from "../src/run/index.ts";

const roots = [builtInEnvironments, join(import.meta.dirname, "..", "tests", "fixtures", "environments")];

/** Opens a bench for one environment at laptop scale, preparing its assets first. */
export async function openEnvironmentBench(id: string): Promise<SolutionBench> {
  const host = await createContext().openHost();
  const environment = await loadEnvironment(id, { roots });
  const { toolchain, cacheDirectory } = host;
  const assets = await prepareAssets(environment, "laptop", { toolchain, cacheDirectory });
  return openSolutionBench(environment, "laptop", assets, host);
}
