import { createServer } from "node:net";
import type { GatewayExchange } from "../exchange.ts";
import type { GatewayModel } from "../gateway-model.ts";
import { type GatewayOptions, openGateway } from "../open-gateway.ts";

/** A gateway that this machine's programs reach on loopback. */
export interface LocalGateway extends AsyncDisposable {
  readonly port: number;
  /** Without `/v1`. */
  readonly baseUrl: string;
  /** What it recorded, in the order in which exchanges ended. */
  readonly exchanges: readonly GatewayExchange[];
  /** Exchanges once there are so many. */
  readonly recorded: (count: number) => Promise<readonly GatewayExchange[]>;
}

/** Generous ranges for a model of a test. */
export function allowAll(model: GatewayModel["model"], change: Partial<GatewayModel> = {}): GatewayModel {
  return {
    model,
    ranges: { temperature: [0, 2], inputCharacters: 1e6, maxOutputTokens: 1_000, answers: 4 },
    ...change,
  };
}

/** Opens a gateway behind a listener on loopback. */
export async function openLocalGateway(
  options: Partial<Omit<GatewayOptions, "record">> & {
    readonly record?: (exchange: GatewayExchange) => void;
    /** Keep what is recorded; true by default, false where there is too much of it. */
    readonly keeps?: boolean;
  },
): Promise<LocalGateway> {
  const exchanges: GatewayExchange[] = [];
  const waiting = new Set<() => void>();
  const { record, keeps = true, ...rest } = options;
  const gateway = openGateway({
    models: new Map(),
    services: new Map(),
    budgets: [],
    signal: new AbortController().signal,
    now: () => Date.now(),
    ...rest,
    record: (exchange) => {
      record?.(exchange);
      if (keeps) exchanges.push(exchange);
      for (const wake of waiting) wake();
    },
  });
  const listener = createServer({ allowHalfOpen: true }, gateway.accept);
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    port,
    baseUrl: `http://127.0.0.1:${port}`,
    exchanges,
    recorded: async (count) => {
      while (exchanges.length < count) {
        await new Promise<void>((resolve) => {
          const wake = () => {
            waiting.delete(wake);
            resolve();
          };
          waiting.add(wake);
        });
      }
      return exchanges;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      await gateway[Symbol.asyncDispose]();
    },
  };
}
