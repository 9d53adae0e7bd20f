import type { Command } from "commander";
import { listEnvironments } from "../../environment/index.ts";
import type { CliContext } from "../context.ts";
import { sharedOptions } from "../options.ts";

/** Adds the command `list`. */
export function registerList(program: Command, context: CliContext): void {
  program
    .command("list")
    .description("list the environments")
    .addOption(sharedOptions.json())
    .action(async (options: { json?: boolean }) => {
      const listings = await listEnvironments({ roots: context.environmentRoots });
      const { terminal } = context;
      if (options.json === true) {
        terminal.printJson(
          listings.map((listing) =>
            listing.status === "loaded"
              ? { ...listing.environment.manifest, sha256: listing.environment.sha256 }
              : { id: listing.id, error: listing.error.message },
          ),
        );
        return;
      }
      terminal.printTable(
        ["environment", "title", "score", "better", "shown"],
        listings.map((listing) => {
          if (listing.status === "broken") return [listing.id, terminal.style("red", "broken"), "", "", ""];
          const { title, score } = listing.environment.manifest;
          return [
            listing.id,
            title,
            `${score.name} (${score.unit})`,
            score.direction,
            score.visible ? "yes" : "no",
          ];
        }),
      );
      for (const listing of listings) {
        if (listing.status === "broken") terminal.say(`${listing.error.message}\n  ${listing.error.remedy}`);
      }
    });
}
