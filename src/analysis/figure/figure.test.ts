import { describe, expect, test } from "vitest";
import { isRebenchError } from "../../errors/index.ts";
import { type Figure, figureClass, renderFigure } from "./figure.ts";

const hostile = `</text><script>alert(1)</script>"'&\u0000`;

const figure: Figure = {
  id: "example",
  title: `Title ${hostile}`,
  caption: `Caption ${hostile}`,
  spec: {
    width: 100,
    height: 50,
    layer: [
      {
        data: { name: "points" },
        mark: "circle",
        encoding: { x: { field: "x", type: "quantitative" }, color: { field: "name", type: "nominal" } },
      },
      { data: { name: "points" }, mark: "text", encoding: { text: { field: "name" } } },
    ],
  },
  rows: {
    points: [
      { x: 1, name: "one" },
      { x: 2, name: `two ${hostile.replace("\u0000", "")}` },
    ],
  },
};

async function failureOf(spec: Figure["spec"]): Promise<string> {
  try {
    await renderFigure({ ...figure, spec });
  } catch (error) {
    if (isRebenchError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "drawn";
}

describe("renderFigure", () => {
  test("equal figures give equal pictures, whatever was drawn in between", async () => {
    const first = await renderFigure(figure);
    await renderFigure(figure, { theme: "dark" });
    const second = await renderFigure(structuredClone(figure));
    expect(second.svg).toBe(first.svg);
    expect(Buffer.from(second.toPng()).equals(Buffer.from(first.toPng()))).toBe(true);
  });

  test("drawing several at once changes none of them", async () => {
    const alone = await renderFigure(figure);
    const together = await Promise.all([
      renderFigure(figure),
      renderFigure(figure, { theme: "dark" }),
      renderFigure(figure),
    ]);
    expect(together[0]?.svg).toBe(alone.svg);
    expect(together[2]?.svg).toBe(alone.svg);
  });

  test("hostile text stays text in marks, title and description", async () => {
    const { svg } = await renderFigure(figure);
    expect(svg).not.toContain("<script");
    expect(svg).toContain("&lt;script&gt;");
    expect(svg).not.toContain("\u0000");
  });

  test("the picture has a name, and stands alone with its own fonts only where asked", async () => {
    const alone = (await renderFigure(figure)).svg;
    expect(alone).toMatch(new RegExp(`^<svg class="${figureClass}" role="img" aria-label="Title `));
    expect(alone).toContain("<desc>Caption");
    expect(alone).toContain("src:url(data:font/woff2;base64,");
    const inPage = (await renderFigure(figure, { fonts: "page" })).svg;
    expect(inPage).not.toContain("@font-face");
    expect(inPage).toContain("prefers-color-scheme:dark");
  });

  test("nothing in it has an id that could clash on a page, and nothing points outside", async () => {
    const { svg } = await renderFigure(figure);
    expect(svg).not.toMatch(/\sid="/);
    expect(svg).not.toMatch(/(href|src)=/);
    expect(svg.replaceAll(/xmlns(:\w+)?="[^"]*"/g, "")).not.toMatch(/https?:/);
  });

  test("a PNG has the size of the drawing times the zoom", async () => {
    const rendered = await renderFigure(figure);
    const [, width = ""] = /width="(\d+)"/.exec(rendered.svg) ?? [];
    expect(Buffer.from(rendered.toPng(3)).readUInt32BE(16)).toBe(3 * Number(width));
  });

  test("the PNG shows its text: letters of the shipped font leave ink", async () => {
    const text = (words: string): Figure => ({
      ...figure,
      spec: {
        width: 60,
        height: 20,
        data: { name: "points" },
        mark: "text",
        encoding: { text: { field: "name" } },
      },
      rows: { points: [{ name: words }] },
    });
    const size = async (words: string) => (await renderFigure(text(words))).toPng().byteLength;
    expect(await size("Wide")).toBeGreaterThan((await size(" ")) + 100);
  });

  test.each([
    ["an address", { data: { url: "http://127.0.0.1:9/data.json" }, mark: "point", encoding: {} }],
    ["a file", { data: { url: "file:///etc/hostname" }, mark: "point", encoding: {} }],
  ] as const)("data from %s is refused and not fetched", async (_what, spec) => {
    expect(await failureOf(spec)).toMatch(
      /^FIGURE_UNRENDERABLE: the figure "example" could not be drawn: .*may not load/,
    );
  });

  test("what Vega-Lite only warns about is a fault", async () => {
    expect(
      await failureOf({
        data: { name: "points" },
        mark: "bar",
        encoding: {
          x: { field: "x", type: "quantitative", scale: { type: "log", bins: [1] } },
          shape: { field: "x" },
        },
      }),
    ).toMatch(/^FIGURE_UNRENDERABLE/);
  });
});
