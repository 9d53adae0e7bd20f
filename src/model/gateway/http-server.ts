import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Bounds on what strangers may do to an HTTP server before it has understood anything. */
export interface HttpLimits {
  readonly connections: number;
  /** Time for the headers of a request, in milliseconds. */
  readonly headersTimeoutMs: number;
  /** Time for a whole request, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** Time a connection may lie idle between requests, in milliseconds. */
  readonly idleTimeoutMs: number;
  /** Time a client may take without reading any of its answer, in milliseconds. */
  readonly unreadTimeoutMs: number;
}

/** An HTTP server without an address of its own: connections are handed to it. */
export interface HttpServer extends AsyncDisposable {
  /** Takes a connection over; one too many is closed. */
  readonly accept: (connection: Socket) => void;
}

/** @param handle - Must not reject. */
export function openHttpServer(
  limits: HttpLimits,
  handle: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
): HttpServer {
  const connections = new Set<Socket>();
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.idleTimeoutMs,
      connectionsCheckingInterval: Math.min(limits.headersTimeoutMs, 1_000),
      maxHeaderSize: 16 * 1024,
      insecureHTTPParser: false,
      requireHostHeader: true,
    },
    (incoming, outgoing) => {
      outgoing.setTimeout(0);
      outgoing.on("prefinish", () => {
        // Written down whole: from here on only a client that does not read keeps it.
        outgoing.setTimeout(limits.unreadTimeoutMs, () => outgoing.destroy());
      });
      outgoing.on("error", () => {});
      handle(incoming, outgoing);
    },
  );
  server.maxHeadersCount = 100;
  server.on("clientError", (_, socket) => socket.destroy());
  // The check of slow clients starts when a server begins to listen, which this one never does.
  server.emit("listening");

  return {
    accept: (connection) => {
      if (connections.size >= limits.connections) {
        connection.destroy();
        return;
      }
      connections.add(connection);
      connection.once("close", () => connections.delete(connection));
      connection.on("error", () => {});
      server.emit("connection", connection);
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      const closed = [...connections].map(
        (connection) => new Promise<void>((resolve) => connection.once("close", () => resolve())),
      );
      for (const connection of connections) connection.destroy();
      await Promise.all(closed);
    },
  };
}
