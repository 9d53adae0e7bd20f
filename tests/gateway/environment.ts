/** Turns the manifest of the test environment into one whose programs reach a model and a service. */
export function withGateway(manifest: string): string {
  return manifest.replace("network: none", "network: gateway").replace(
    "    parameters: {}\n",
    `    parameters: { greeting: hello }
    gateway:
      models:
        parrot:
          program: gateway/parrot.py
          agent: { calls: 20, temperature: [0, 1], maxOutputTokens: 100, answers: 4 }
          scoring: { calls: 3, maxOutputTokens: 50 }
      services:
        longer: { program: gateway/longer.py, agent: { calls: 3 } }
      budget: { tokens: 100000 }
`,
  );
}

/** A simulated model that says the last message again, with a die that its seed alone throws. */
const parrot = `
import random
from rebench_common.gateway import GatewayContext, Generate, ModelAnswer, ModelRequest

def open_model(context: GatewayContext) -> Generate:
    secret = (context.assets / "secret.txt").read_text() if (context.assets / "secret.txt").exists() else ""
    def generate(request: ModelRequest) -> ModelAnswer:
        said = request.messages[-1].text
        if said == "crash":
            raise SystemExit(3)
        if said == "break":
            raise ValueError("the secret is held out")
        die = random.Random(request.seed).randint(1, 6)
        return ModelAnswer(f"{context.phase} {context.parameters['greeting']} {said} {die}", 10, 5)
    return generate
`;

/** A service that says which of two texts is longer. */
const longer = `
from rebench_common.gateway import GatewayContext, Refused, Serve

def open_service(context: GatewayContext) -> Serve:
    def serve(request):
        if not isinstance(request, dict) or sorted(request) != ["a", "b"]:
            raise Refused("send an object with a and b")
        return {"longer": "a" if len(request["a"]) > len(request["b"]) else "b"}
    return serve
`;

/** Asks the model twice, from the judge itself and from a runner, and finds a plain runner without a network. */
const judge = `
import json, subprocess
from rebench_common.protocol import Invalid, JudgeRequest, Scored

ASK = """
import json, os, urllib.request
url = os.environ.get("OPENAI_BASE_URL", "http://127.0.0.1:4000/v1") + "/chat/completions"
body = {"model": "parrot", "messages": [{"role": "user", "content": "who"}]}
request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json"})
try:
    with urllib.request.urlopen(request, timeout=20) as answer:
        print(json.load(answer)["choices"][0]["message"]["content"].rsplit(" ", 1)[0])
except urllib.error.HTTPError as error:
    print(json.load(error)["error"]["code"])
except OSError as error:
    print("closed")
"""

def ask(prefix):
    return subprocess.run([*prefix, "python3", "-c", ASK], capture_output=True, text=True).stdout.strip()

def score(request: JudgeRequest) -> Scored | Invalid:
    heard = [ask(()), ask(request.gateway_runner), ask(request.runner), ask(()), ask(())]
    return Scored(1.0, json.dumps(heard))
`;

/** Adds a real model that only the environment's programs may ask, and a service that does. */
export function withSage(manifest: string): string {
  return withGateway(manifest).replace(
    "      services:\n",
    `        sage:
          model: openai-compatible/sage
          programs: { calls: 5, maxOutputTokens: 10 }
      services:
        verdict: { program: gateway/verdict.py, agent: { calls: 9 } }
`,
  );
}

/** A service that has a real model decide. */
const verdict = `
import json, os, urllib.request
from rebench_common.gateway import GatewayContext, Serve

def open_service(context: GatewayContext) -> Serve:
    def serve(request):
        body = {"model": "sage", "messages": [{"role": "user", "content": f"A or B? {request}"}]}
        url = os.environ["OPENAI_BASE_URL"] + "/chat/completions"
        with urllib.request.urlopen(url, json.dumps(body).encode(), timeout=20) as answer:
            return json.load(answer)["choices"][0]["message"]["content"]
    return serve
`;

/** The files that {@link withGateway} needs. */
export const gatewayFiles: Readonly<Record<string, string>> = {
  "gateway/parrot.py": parrot,
  "gateway/longer.py": longer,
  "gateway/verdict.py": verdict,
  "judge/judge.py": judge,
  "judge/runner/README.md": "A runner needs a folder.",
};
