export { defineTool, type Tool } from "./tool.ts";
export { toolDirectory } from "./tool-directory.ts";
export { createToolset, type Toolset, toToolset } from "./toolset.ts";
