import { expect, test } from "vitest";
import { loadRunRecord, readSoundEvents, verifyRun } from "../../src/run/index.ts";
import { carryOut, leaveRunning, shell } from "../adversarial/live-run.ts";
import { openHost } from "../adversarial/open-host.ts";
import { gatewayFiles, withGateway } from "./environment.ts";

/** Holds as many connections as it may, each with half a request, and feeds others what is slow to read. */
const siege = `
import json, socket, threading, time
address = ("127.0.0.1", 4000)
held = []
for _ in range(300):
    try:
        connection = socket.create_connection(address, timeout=5)
        connection.sendall(b"POST /v1/chat/completions HTTP/1.1\\r\\nhost: x\\r\\nx-slow: ")
        held.append(connection)
    except OSError:
        pass
bodies = [
    b'{"model":"parrot","messages":' + b"[" * 1_000_000,
    json.dumps({"model": "parrot", "messages": [{"role": "user", "content": "x" * 1_000_000}]}).encode(),
    json.dumps({"model": "parrot", "messages": [{"role": "user", "content": ""}] * 30_000}).encode(),
    b"x" * 16_000_000,
]
def feed(body):
    while True:
        try:
            connection = socket.create_connection(address, timeout=5)
            connection.sendall(b"POST /v1/chat/completions HTTP/1.1\\r\\nhost: x\\r\\ncontent-length: %d\\r\\n\\r\\n" % len(body) + body)
            connection.recv(100)
            connection.close()
        except OSError:
            time.sleep(0.05)
for body in bodies:
    for _ in range(4):
        threading.Thread(target=feed, args=(body,), daemon=True).start()
open("/tmp/ready", "w").close()
time.sleep(600)
`;

test("programs that besiege the gateway hold up neither scoring nor record, and memory stays bounded", async () => {
  const before = process.memoryUsage.rss();
  let largest = 0;
  const sampler = setInterval(() => {
    largest = Math.max(largest, process.memoryUsage.rss());
  }, 50);
  await using run = await carryOut(
    await openHost(),
    async (context) => {
      await leaveRunning(context, siege);
      await shell(context, "sleep 4");
      expect(await context.score()).toMatchObject({ status: "scored" });
      // Once it is over, others are served as before.
      await shell(context, "pkill -f program.p[y]; sleep 0.2");
      const ask =
        'curl -s -m 30 $OPENAI_BASE_URL/chat/completions -d \'{"model":"parrot","messages":[{"role":"user","content":"hi"}]}\'';
      const python = `python3 -c "
import json, os, urllib.request
body = json.dumps({'model': 'parrot', 'messages': [{'role': 'user', 'content': 'hi'}]}).encode()
print(urllib.request.urlopen(os.environ['OPENAI_BASE_URL'] + '/chat/completions', body, timeout=30).read().decode())"`;
      expect(await shell(context, `command -v curl > /dev/null && ${ask} || ${python}`)).toContain(
        "agent hello hi",
      );
    },
    { manifest: withGateway, files: gatewayFiles },
  );
  clearInterval(sampler);
  expect(run.state.usage.gateway.calls).toEqual({ parrot: 1 });
  const { checks } = await verifyRun(run.paths);
  expect(checks.flatMap(({ problems }) => problems)).toEqual([]);
  const { events, firstPrevious } = {
    events: run.paths.events,
    firstPrevious: loadRunRecord(run.paths).sha256,
  };
  const codes = [...readSoundEvents(events, firstPrevious)].flatMap((event) =>
    event.type === "gateway-exchange" && event.status === "refused" ? [event.name ?? "unread"] : [],
  );
  expect(codes.length).toBeGreaterThan(20);
  expect((largest - before) / 2 ** 20).toBeLessThan(700);
});
