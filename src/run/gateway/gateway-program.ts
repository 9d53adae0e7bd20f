import { Duplex } from "node:stream";
import { z } from "zod";
import { commonDirectory } from "../../environment/index.ts";
import type { Json } from "../../model/index.ts";
import { type AcceptConnection, gatewayVariables, type Jail, openJail } from "../../sandbox/index.ts";
import { trustedPythonVariables } from "../../scoring/index.ts";
import type { PosedEnvironment } from "../posed-environment.ts";
import { toSandboxLimits } from "../resources.ts";
import type { RunHost } from "../run-host.ts";

/** Whom programs ask: an agent's while it works, a submission's while it is judged. */
export type GatewayPhase = "agent" | "scoring";

/** What a program behind the gateway said. */
export type ProgramReply =
  | { readonly status: "answered"; readonly answer: Json }
  | { readonly status: "refused"; readonly message: string }
  | { readonly status: "failed"; readonly message: string };

const replySchema = z.union([
  z.strictObject({ id: z.int(), answer: z.json() }),
  z.strictObject({ id: z.int(), refused: z.string() }),
  z.strictObject({ id: z.int(), failed: z.string() }),
]);

/** Longest answer, in characters. */
const longestReply = 8 * 1024 * 1024;

/**
 * A trusted program of the environment that answers for a model or a service, in a jail like a judge's: no network but
 * a gateway of its own, everything read-only but `/scratch`, the judge's part of the assets. It starts at its first request; one that dies
 * fails the requests it had and starts anew at the next.
 */
export class GatewayProgram implements AsyncDisposable {
  readonly #path: string;
  readonly #phase: GatewayPhase;
  readonly #posed: PosedEnvironment;
  readonly #host: RunHost;
  readonly #gateway: AcceptConnection | null;
  #running: Promise<RunningProgram> | null = null;
  #isClosed = false;

  /**
   * @param path - Relative to the environment's folder.
   * @param gateway - Takes over what the program itself asks of models; null where it may ask none.
   */
  constructor(
    path: string,
    phase: GatewayPhase,
    posed: PosedEnvironment,
    host: RunHost,
    gateway: AcceptConnection | null,
  ) {
    this.#gateway = gateway;
    this.#path = path;
    this.#phase = phase;
    this.#posed = posed;
    this.#host = host;
  }

  /** Never rejects: what goes wrong is a reply. */
  async ask(kind: "model" | "service", request: Json): Promise<ProgramReply> {
    if (this.#isClosed) return failed("it was closed");
    this.#running ??= this.#start();
    const starting = this.#running;
    try {
      const running = await starting;
      const reply = await running.ask(kind, request);
      if (running.isOver && this.#running === starting) this.#running = null;
      return reply;
    } catch (error) {
      if (this.#running === starting) this.#running = null;
      return failed(error instanceof Error ? error.message : String(error));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const running = await this.#running?.catch(() => null);
    await running?.[Symbol.asyncDispose]();
  }

  async #start(): Promise<RunningProgram> {
    const { environment, scale, assets } = this.#posed;
    const { toolchain, machine } = this.#host;
    const limits = toSandboxLimits(environment.manifest.scales[scale], machine);
    const jail = await openJail({
      mounts: [
        ...toolchain.mounts,
        { source: environment.directory, target: "/environment" },
        { source: commonDirectory, target: "/common" },
        { source: assets.judgeDirectory, target: "/assets" },
      ],
      writable: [],
      temporary: ["/scratch"],
      ...(this.#gateway === null
        ? { network: "none" as const }
        : { network: "gateway" as const, gateway: this.#gateway }),
      limits,
      devices: [],
      allowNesting: false,
    });
    const context = {
      environment: environment.manifest.id,
      scale,
      parameters: environment.manifest.scales[scale].parameters,
      phase: this.#phase,
    };
    const program = `/environment/${this.#path}`;
    const child = jail.spawn([toolchain.python, "-m", "rebench_common.gateway_main", program], {
      env: {
        ...trustedPythonVariables(toolchain),
        ...(jail.gatewayUrl === null ? {} : gatewayVariables(jail.gatewayUrl)),
      },
      cwd: "/scratch",
      stdio: ["ignore", "ignore", "pipe", "pipe"],
    });
    const channel = child.stdio[3];
    if (!(channel instanceof Duplex)) throw new Error("Node made no socket for a program behind the gateway");
    const running = new RunningProgram(jail, channel);
    child.stderr?.setEncoding("utf8").on("data", (text: string) => running.hear(text));
    channel.write(`${JSON.stringify(context)}\n`);
    return running;
  }
}

/** One life of a program. */
class RunningProgram implements AsyncDisposable {
  readonly #jail: Jail;
  readonly #channel: Duplex;
  readonly #waiting = new Map<number, (reply: ProgramReply) => void>();
  #lastWords = "";
  #text = "";
  #count = 0;
  isOver = false;

  constructor(jail: Jail, channel: Duplex) {
    this.#jail = jail;
    this.#channel = channel;
    channel.setEncoding("utf8");
    channel.on("data", (text: string) => this.#take(text));
    channel.on("error", () => {});
    channel.once("close", () => this.#end());
  }

  hear(text: string): void {
    this.#lastWords = (this.#lastWords + text).slice(-2_000);
  }

  ask(kind: "model" | "service", request: Json): Promise<ProgramReply> {
    if (this.isOver) return Promise.resolve(failed("it has ended"));
    return new Promise((resolve) => {
      const id = this.#count++;
      this.#waiting.set(id, resolve);
      this.#channel.write(`${JSON.stringify({ id, kind, request })}\n`);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#jail.kill();
    this.#end();
  }

  #take(text: string): void {
    this.#text += text;
    const lines = this.#text.split("\n");
    this.#text = lines.pop() ?? "";
    if (this.#text.length > longestReply) this.#end();
    for (const line of lines) this.#answer(line);
  }

  #answer(line: string): void {
    const reply = parseReply(line);
    const resolve = reply === null ? undefined : this.#waiting.get(reply.id);
    if (reply === null || resolve === undefined) {
      this.#end();
      return;
    }
    this.#waiting.delete(reply.id);
    if ("answer" in reply) resolve({ status: "answered", answer: reply.answer });
    else if ("refused" in reply) resolve({ status: "refused", message: reply.refused });
    else resolve(failed(reply.failed));
  }

  /** It died, or broke the protocol: whoever waits is told, and it is not asked again. */
  #end(): void {
    if (this.isOver) return;
    this.isOver = true;
    const reply = failed(`the program ended: ${this.#lastWords.trim().split("\n").at(-1) ?? ""}`);
    for (const resolve of this.#waiting.values()) resolve(reply);
    this.#waiting.clear();
    void this.#jail.kill();
  }
}

function parseReply(line: string): z.infer<typeof replySchema> | null {
  try {
    return replySchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

function failed(message: string): ProgramReply {
  return { status: "failed", message };
}
