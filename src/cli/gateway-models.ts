import type { Environment, ScaleName } from "../environment/index.ts";
import { closestName } from "../errors/index.ts";
import type { PricedLanguageModel } from "../model/index.ts";
import { gatewayModelIds, type RunRecord, runErrors } from "../run/index.ts";

/** Real models behind the gateway of a run, open and as they are recorded. */
export interface GatewayModels {
  readonly open: ReadonlyMap<string, PricedLanguageModel>;
  readonly recorded: RunRecord["gatewayModels"];
}

/**
 * Opens the real models that programs of an environment ask: those that its manifest names, or others in their place
 * and in the place of simulated ones.
 *
 * @param chosen - Ids of models by the name that programs ask for.
 * @throws GATEWAY_MODEL_UNKNOWN, and what `openModel` throws
 */
export async function openGatewayModels(
  environment: Environment,
  scale: ScaleName,
  chosen: Readonly<Record<string, string>>,
  baseUrl: string | null,
  openModel: (id: string) => Promise<PricedLanguageModel>,
): Promise<GatewayModels> {
  const known = Object.keys(environment.manifest.scales[scale].gateway?.models ?? {});
  for (const name of Object.keys(chosen)) {
    if (known.includes(name)) continue;
    const closest = closestName(name, known);
    throw runErrors.GATEWAY_MODEL_UNKNOWN({
      environment: environment.manifest.id,
      name,
      known: closest === null ? known : [closest],
    });
  }
  const ids = new Map([...gatewayModelIds({ environment, scale }), ...Object.entries(chosen)]);
  const open = new Map<string, PricedLanguageModel>();
  for (const [name, id] of ids) open.set(name, await openModel(id));
  const recorded = Object.fromEntries(
    [...open].map(([name, { id, price }]) => [name, { id, baseUrl, price }]),
  );
  return { open, recorded };
}
