import { Resvg } from "@resvg/resvg-js";
import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { reasonOf } from "../../errors/index.ts";
import { escapeMarkup, toDisplayText } from "../display-text.ts";
import { analysisErrors } from "../errors.ts";
import { fontFamily, fontFilePaths, toFontFaces } from "./fonts.ts";
import { createMeasureText, useMeasuredText } from "./text-measure.ts";
import { darkTheme, lightTheme, toDarkModeRules, toVegaConfig } from "./theme.ts";

/** A Vega-Lite specification that names its data sets and holds no data, no size in containers and no address. */
export type FigureSpec = TopLevelSpec;

/** One typed row of a figure's data. */
export type FigureRow = Readonly<Record<string, string | number | boolean | null>>;

/** What a figure shows, apart from how it is drawn: enough to draw it anywhere and to check every point. */
export interface Figure<Rows extends Readonly<Record<string, readonly object[]>> = FigureRows> {
  /** Unique on a page; lower-case letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  /** What is drawn, how many there are, and what is left out. Plain text. */
  readonly caption: string;
  readonly spec: FigureSpec;
  /** The rows behind the spec, by the name it gives each data set. */
  readonly rows: Rows;
}

/** The data sets of a figure by name. */
export type FigureRows = Readonly<Record<string, readonly FigureRow[]>>;

/** How a figure is drawn. */
export interface RenderFigureOptions {
  /** `adaptive` is light, and dark for readers who prefer that on a screen. Default: `adaptive`. */
  readonly theme?: "light" | "dark" | "adaptive";
  /** `embedded` makes the picture stand alone; `page` leaves the font to the page around it. Default: `embedded`. */
  readonly fonts?: "embedded" | "page";
}

/** A drawn figure. */
export interface RenderedFigure {
  readonly svg: string;
  /**
   * The same as a PNG, light for `adaptive`, in the shipped font only: characters outside it show as boxes.
   *
   * @param pixelsPerUnit - Pixels for each unit of the SVG; 2 by default, for dense screens and print.
   */
  toPng(pixelsPerUnit?: number): Uint8Array;
}

/** Class of every figure's `svg` element. */
export const figureClass = "rebench-figure";

/**
 * Draws a figure without a browser, a canvas or the network. Equal figures give equal bytes.
 *
 * @throws FIGURE_UNRENDERABLE when the specification is not one, or reaches for anything outside itself.
 */
export async function renderFigure(
  figure: Figure<Readonly<Record<string, readonly object[]>>>,
  options: RenderFigureOptions = {},
): Promise<RenderedFigure> {
  const { theme = "adaptive", fonts = "embedded" } = options;
  useMeasuredText(createMeasureText());
  const drawn = await draw(figure, theme === "dark" ? darkTheme : lightTheme);
  const style = [
    fonts === "embedded" ? toFontFaces() : "",
    theme === "adaptive" ? toDarkModeRules(figureClass) : "",
  ].join("");
  return {
    svg: toDocument(drawn, figure, { style, describe: fonts === "embedded" }),
    toPng: (pixelsPerUnit = 2) => {
      const picture = new Resvg(toDocument(drawn, figure, { style: "", describe: false }), {
        font: {
          loadSystemFonts: false,
          fontFiles: [...fontFilePaths()],
          defaultFontFamily: fontFamily,
          sansSerifFamily: fontFamily,
        },
        fitTo: { mode: "zoom", value: pixelsPerUnit },
      });
      return picture.render().asPng();
    },
  };
}

async function draw(
  figure: Figure<Readonly<Record<string, readonly object[]>>>,
  theme: typeof lightTheme,
): Promise<string> {
  const problems: string[] = [];
  const logger = collectProblems(problems);
  const fail = (cause?: unknown) =>
    analysisErrors.FIGURE_UNRENDERABLE({ id: figure.id, problem: problems[0] ?? reasonOf(cause) }, cause);
  let svg: string;
  try {
    const spec = {
      ...figure.spec,
      datasets: figure.rows,
      config: toVegaConfig(theme),
    } as unknown as TopLevelSpec;
    const compiled = compile(spec, { logger });
    const view = new vega.View(vega.parse(compiled.spec), {
      renderer: "none",
      loader: refusingLoader(),
      logger,
    });
    try {
      svg = await view.toSVG();
    } finally {
      view.finalize();
    }
  } catch (cause) {
    throw fail(cause);
  }
  if (problems.length > 0) throw fail();
  return svg;
}

/** Warnings count as faults: a figure that is almost right misleads. */
function collectProblems(problems: string[]): vega.LoggerInterface {
  const collect = (...parts: readonly unknown[]): vega.LoggerInterface => {
    problems.push(parts.map(String).join(" "));
    return logger;
  };
  const ignore = (): vega.LoggerInterface => logger;
  function level(): number;
  function level(value: number): vega.LoggerInterface;
  function level(value?: number): number | vega.LoggerInterface {
    return value === undefined ? vega.Warn : logger;
  }
  const logger: vega.LoggerInterface = { level, error: collect, warn: collect, info: ignore, debug: ignore };
  return logger;
}

/** Fetches nothing, whatever a specification asks for. */
function refusingLoader(): vega.Loader {
  const refuse = (address: string): Promise<never> =>
    Promise.reject(new Error(`a figure holds its own data and may not load ${address}`));
  return { ...vega.loader(), load: refuse, sanitize: refuse, http: refuse, file: refuse };
}

/** Roles of groups within a drawing, which is one image with one name. */
const markRoles = /(<g class="[^"]*") role="[^"]*" aria-roledescription="[^"]*"/g;
const markLabels = /(<g class="mark-[^"]*") aria-label="[^"]*"/g;

/** Gives the drawing its accessible name, and what it needs to stand alone. */
function toDocument(
  drawn: string,
  figure: Pick<Figure, "title" | "caption">,
  parts: { readonly style: string; readonly describe: boolean },
): string {
  const text = (value: string) => escapeMarkup(toDisplayText(value));
  const opening = `<svg class="${figureClass}" role="img" aria-label="${text(figure.title)}" `;
  const head =
    (parts.describe ? `<title>${text(figure.title)}</title><desc>${text(figure.caption)}</desc>` : "") +
    (parts.style === "" ? "" : `<style>${parts.style}</style>`);
  return drawn
    .replace(' class="marks"', "")
    .replace(markRoles, "$1")
    .replace(markLabels, "$1")
    .replace(/^<svg ([^>]*)>/, (_match, attributes: string) => `${opening}${attributes}>${head}`);
}
