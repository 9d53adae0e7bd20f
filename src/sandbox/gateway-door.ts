import { spawn } from "node:child_process";
import { createServer, Server, type Socket } from "node:net";
import { sandboxErrors } from "./errors.ts";
import type { DriverName } from "./sandbox.ts";
import { systemPath } from "./shell-words.ts";

/** Takes over a connection that a program inside has made. */
export type AcceptConnection = (connection: Socket) => void;

/** A listener on loopback inside a sandbox, held outside. Close it, or the network namespace lives on. */
export interface GatewayDoor extends Disposable {
  /** Where programs inside reach it, without a path: `http://127.0.0.1:4000`. */
  readonly url: string;
}

/** Port of the gateway on the loopback of every sandbox that has a network of its own. */
const gatewayPort = 4_000;

/** Stands where clients insist on a key. */
const noKey = "the-gateway-holds-the-key";

/** Variables by which the clients of both protocols find the gateway. */
export function gatewayVariables(url: string): Readonly<Record<string, string>> {
  return {
    REBENCH_GATEWAY_URL: url,
    OPENAI_BASE_URL: `${url}/v1`,
    OPENAI_API_KEY: noKey,
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: noKey,
  };
}

/** Listens where it is started and hands the socket to its parent, who keeps it. */
const listenScript = `
const server = require("node:net").createServer();
process.on("disconnect", () => process.exit());
server.on("error", (error) => process.send({ problem: error.message }));
server.listen(${gatewayPort}, "127.0.0.1", () => process.send("listening", server));`;

/**
 * Opens a door in the network namespace of a process. The socket is made inside by a helper that has only entered that
 * namespace, and is then held by the harness alone: there is no process to kill, no file to find and no path to bind
 * for anybody inside, and what is frozen there does not matter to it.
 *
 * @param enter - Command line that enters the network namespace and runs what follows it.
 * @throws SANDBOX_UNAVAILABLE
 */
export async function openGatewayDoor(
  driver: DriverName,
  enter: readonly [string, ...string[]],
  accept: AcceptConnection,
): Promise<GatewayDoor> {
  const [program, ...rest] = enter;
  const helper = spawn(program, [...rest, process.execPath, "-e", listenScript], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: { PATH: systemPath },
    cwd: "/",
  });
  const server = await new Promise<Server>((resolve, reject) => {
    let complaint = "";
    helper.stderr?.setEncoding("utf8").on("data", (text: string) => {
      complaint = (complaint + text).slice(0, 500);
    });
    const fail = (reason: string) => {
      const remedy =
        "run the harness as root or with rootless Podman, or use the default driver, bubblewrap; a daemon's containers cannot be entered otherwise";
      reject(
        sandboxErrors.SANDBOX_UNAVAILABLE({
          driver,
          reason: `the model gateway cannot be connected: ${reason}`,
          remedy,
        }),
      );
    };
    helper.once("error", (error) => fail(error.message));
    helper.once("close", (code) => fail(complaint.trim() || `the helper ended with exit code ${code}`));
    helper.once("message", (message, handle) => {
      if (handle instanceof Server) resolve(handle);
      else fail(JSON.stringify(message));
      helper.disconnect();
    });
  });
  return toDoor(server, gatewayPort, accept);
}

/** A door for commands that share the network of this machine: on a port of loopback that is free. */
export async function openHostDoor(accept: AcceptConnection): Promise<GatewayDoor> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve());
  });
  const address = server.address();
  return toDoor(server, typeof address === "object" && address !== null ? address.port : 0, accept);
}

function toDoor(server: Server, port: number, accept: AcceptConnection): GatewayDoor {
  server.on("connection", accept);
  // Too many open files, for a moment: the next connection will tell.
  server.on("error", () => {});
  server.unref();
  return { url: `http://127.0.0.1:${port}`, [Symbol.dispose]: () => void server.close() };
}
