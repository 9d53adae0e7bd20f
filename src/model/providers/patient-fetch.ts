import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { Readable } from "node:stream";

/**
 * `fetch` for long answers: the built-in one gives up after five minutes without a byte, which a model that thinks
 * may well need. Here only the caller's signal ends a request. Redirects are not followed, so a key goes nowhere but
 * to the address it was meant for.
 */
export const patientFetch: typeof fetch = async (input, init) => {
  const request = new Request(input, init);
  const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
  const url = new URL(request.url);
  const headers = Object.fromEntries(request.headers);
  if (body !== undefined) headers["content-length"] = String(body.byteLength);

  return await new Promise<Response>((resolve, reject) => {
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const outgoing = send(url, { method: request.method, headers, signal: request.signal });
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => {
      const pairs: [string, string][] = [];
      for (const [name, values] of Object.entries(incoming.headersDistinct)) {
        for (const value of values ?? []) pairs.push([name, value]);
      }
      const status = incoming.statusCode ?? 0;
      const hasBody = status !== 204 && status !== 304;
      // An aborted or cut answer reaches the reader as an error of this stream.
      const content = hasBody ? Readable.toWeb(incoming) : null;
      resolve(new Response(content, { status, headers: pairs }));
    });
    outgoing.end(body);
  });
};
