import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createFakeModel } from "../../src/model/index.ts";
import {
  BlobStore,
  loadRunRecord,
  type RunEvent,
  type RunHost,
  readSoundEvents,
  toTranscript,
  verifyRun,
} from "../../src/run/index.ts";
import { carryOut, type LiveRun, type LiveRunChange, shell } from "../adversarial/live-run.ts";
import { openHost } from "../adversarial/open-host.ts";
import { gatewayFiles, withGateway, withSage } from "./environment.ts";

const ask = `
import json, os, sys, urllib.request
def ask(path, body):
    url = os.environ["REBENCH_GATEWAY_URL"] + path
    request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)["error"]["code"]
def say(text, **more):
    answer = ask("/v1/chat/completions", {"model": "parrot", "messages": [{"role": "user", "content": text}], **more})
    return answer if isinstance(answer, str) else [choice["message"]["content"].rsplit(" ", 1) for choice in answer["choices"]]
`;

const change: LiveRunChange = { manifest: withGateway, files: gatewayFiles };

type Exchange = Extract<RunEvent, { type: "gateway-exchange" }>;
const eventsOf = ({ paths }: LiveRun): RunEvent[] => [
  ...readSoundEvents(paths.events, loadRunRecord(paths).sha256),
];
const exchangesOf = (run: LiveRun): Exchange[] =>
  eventsOf(run).filter((event) => event.type === "gateway-exchange");

describe("an environment with a gateway", () => {
  let host: RunHost;
  beforeAll(async () => {
    host = await openHost();
  });

  test("programs ask its simulated model and its service; all of it is in the record, which verifies", async () => {
    const heard: unknown[] = [];
    await using run = await carryOut(
      host,
      async (context) => {
        const program = `${ask}
print(json.dumps([
    say("hi"), say("hi", n=4), say("hi", temperature=2), say("break"), say("crash"), say("back"),
    ask("/v1/services/longer", {"a": "xx", "b": "x"}), ask("/v1/services/longer", []),
    ask("/v1/chat/completions", {"model": "openai/gpt-5", "messages": [{"role": "user", "content": "x"}]}),
]))`;
        await context.writeFile("program.py", program);
        heard.push(...z.array(z.unknown()).parse(JSON.parse(await shell(context, "python3 program.py"))));
      },
      change,
    );
    expect(heard).toEqual([
      [["agent hello hi", expect.stringMatching(/^[1-6]$/)]],
      Array.from({ length: 4 }, () => ["agent hello hi", expect.stringMatching(/^[1-6]$/)]),
      "parameter_not_allowed",
      "call_failed",
      "call_failed",
      [["agent hello back", expect.any(String)]],
      { longer: "a" },
      "service_refused",
      "model_not_allowed",
    ]);
    const exchanges = exchangesOf(run);
    expect(exchanges.map(({ name, status, completedCalls }) => [name, status, completedCalls])).toEqual([
      ["parrot", "completed", 1],
      ["parrot", "completed", 4],
      ["parrot", "refused", 0],
      ["parrot", "failed", 0],
      ["parrot", "failed", 0],
      ["parrot", "completed", 1],
      ["longer", "served", 0],
      ["longer", "refused", 0],
      ["openai/gpt-5", "refused", 0],
    ]);
    expect(run.state.usage).toMatchObject({
      inputTokens: 60,
      outputTokens: 30,
      modelCalls: 0,
      costUsd: 0,
      gateway: { calls: { parrot: 6, "services/longer": 1 }, inputTokens: 60, outputTokens: 30 },
    });
    const blobs = new BlobStore(run.paths.blobs);
    const [first, , , broken] = exchanges;
    expect(first === undefined ? "" : blobs.read(first.request)).toContain('"text":"hi"');
    expect(first === undefined ? "" : blobs.read(first.result)).toMatch(
      /simulated\/parrot with seed [0-9a-f]{64}/,
    );
    expect(broken === undefined ? "" : blobs.read(broken.result)).toContain("the secret is held out");
    const told = [...toTranscript(eventsOf(run), blobs)].map(({ title }) => title);
    expect(told).toContainEqual(expect.stringMatching(/^a program asks parrot: completed \(5 tokens, /));
    const report = await verifyRun(run.paths);
    expect(report.checks.flatMap(({ problems }) => problems)).toEqual([]);
  });

  test("judges and runners ask within budgets that begin anew in each scoring; a plain runner asks nobody", async () => {
    await using run = await carryOut(host, async (context) => void (await context.score()), change);
    const said = JSON.stringify([
      "scoring hello who",
      "scoring hello who",
      "closed",
      "scoring hello who",
      "budget_used_up",
    ]);
    expect(run.state.entries.map(({ result }) => JSON.parse(result.message))).toEqual(
      run.state.entries.map(() => JSON.parse(said)),
    );
    expect(run.state.entries.length).toBeGreaterThan(1);
    expect(run.state.usage.inputTokens).toBe(0);
    const recorded = eventsOf(run).find((event) => event.type === "score-recorded");
    const log = recorded?.type === "score-recorded" ? new BlobStore(run.paths.blobs).read(recorded.log) : "";
    expect(log).toContain("[gateway] 4 exchanges, 45 tokens");
  });

  test("what the starting solution asks while it is made is recorded and not at the agent's cost", async () => {
    await using run = await carryOut(
      host,
      async (context) => {
        await context.writeFile("program.py", `${ask}\nprint([len(say("hi", n=4)) for _ in range(5)])`);
        expect(await shell(context, "python3 program.py")).toBe("[4, 4, 4, 4, 4]\n");
      },
      {
        manifest: (text) =>
          withGateway(text).replace(
            "files: [solution.py]",
            "files: [solution.py], command: [python3, make.py]",
          ),
        files: { ...gatewayFiles, "start/make.py": `${ask}\nassert len(say("made", n=4)) == 4\nsay("made")` },
      },
    );
    expect(exchangesOf(run).map(({ phase, completedCalls }) => [phase, completedCalls])).toEqual([
      ["start", 4],
      ["start", 1],
      ...Array.from({ length: 5 }, () => ["agent", 4]),
    ]);
    expect(run.state.usage.gateway.calls).toEqual({ parrot: 20 });
  });

  test("a service may have a real model decide that programs in the sandbox cannot ask", async () => {
    const asked: string[] = [];
    const price = { inputUsdPerMillion: 1, outputUsdPerMillion: 1, asOf: "2026-11-24", source: "this test" };
    const sage = createFakeModel(
      ({ messages }) => {
        asked.push(messages[0]?.text ?? "");
        return { text: "B", usage: { inputTokens: 7, outputTokens: 1 } };
      },
      { price },
    );
    await using run = await carryOut(
      host,
      async (context) => {
        const program = `${ask}
print(json.dumps([
    ask("/v1/services/verdict", "two texts"),
    ask("/v1/chat/completions", {"model": "sage", "messages": [{"role": "user", "content": "x"}]}),
]))`;
        await context.writeFile("program.py", program);
        expect(JSON.parse(await shell(context, "python3 program.py"))).toEqual(["B", "model_not_allowed"]);
      },
      { manifest: withSage, files: gatewayFiles, gatewayModels: new Map([["sage", sage]]) },
    );
    expect(asked).toEqual(["A or B? two texts"]);
    expect(exchangesOf(run).map(({ name, status }) => [name, status])).toEqual([
      ["sage", "completed"],
      ["verdict", "served"],
      ["sage", "refused"],
    ]);
    expect(run.state.usage).toMatchObject({ inputTokens: 7, outputTokens: 1, costUsd: 0.000008 });
  });

  test("a real model stands in for the simulated one, and the run's own budget ends the run", async () => {
    const usage = { inputTokens: 300, outputTokens: 100 };
    const price = { inputUsdPerMillion: 1, outputUsdPerMillion: 1, asOf: "2026-11-24", source: "this test" };
    const real = createFakeModel(() => ({ text: "a real answer", usage }), { price });
    await using run = await carryOut(
      host,
      async (context) => {
        const program = `${ask}\nwhile True: print(json.dumps(say("hi")), flush=True)`;
        await context.writeFile("program.py", program);
        await shell(context, "timeout 30 python3 program.py").catch(() => "stopped");
      },
      { ...change, tokens: 1_000, gatewayModels: new Map([["parrot", real]]) },
    );
    expect(run.state.ending?.reason).toBe("token-limit");
    const completed = exchangesOf(run).filter(({ status }) => status === "completed");
    expect(completed.length).toBe(3);
    expect(run.state.usage.costUsd).toBeCloseTo(0.0012);
  });

  test("a thousand refusals are recorded and the rest is counted", async () => {
    await using run = await carryOut(
      host,
      async (context) => {
        const program = `
import http.client
connection = http.client.HTTPConnection("127.0.0.1", 4000)
for _ in range(1200):
    connection.request("POST", "/v1/chat/completions", "{")
    connection.getresponse().read()`;
        await context.writeFile("program.py", program);
        await shell(context, "python3 program.py");
      },
      change,
    );
    expect(exchangesOf(run).length).toBe(1_000);
    const closed = eventsOf(run).find((event) => event.type === "gateway-closed");
    expect(closed).toMatchObject({ unrecordedRefusals: 200 });
    expect(readFileSync(run.paths.events, "utf8").length).toBeLessThan(1_500_000);
  });
});
