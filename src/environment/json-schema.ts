import { z } from "zod";
import { manifestSchema } from "./manifest.ts";

/** JSON schema of `environment.yaml`, as text; published as `schemas/environment.schema.json` for editors. */
export function toManifestJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(manifestSchema, { io: "input" });
  const published = {
    $schema,
    title: "RE-Bench environment",
    description: "environment.yaml: everything the harness knows about an environment without running it.",
    ...schema,
  };
  return `${JSON.stringify(published, null, 2)}\n`;
}
