import { defineErrors } from "../errors/index.ts";

/** Everything this folder throws on purpose. */
export const analysisErrors = defineErrors({
  FIGURE_UNRENDERABLE: {
    fault: "platform",
    exitCode: 4,
    message: (d: { id: string; problem: string }) => `the figure "${d.id}" could not be drawn: ${d.problem}`,
    remedy: () =>
      "report this with the figure's rows; the run directories are untouched and every number in them stands",
  },
  FONT_UNUSABLE: {
    fault: "platform",
    exitCode: 3,
    message: (d: { path: string; problem: string }) => `the font ${d.path} cannot be used: ${d.problem}`,
    remedy: () => "reinstall rebench: its fonts ship inside the package, under assets/fonts",
  },
});
