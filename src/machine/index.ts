export type { Mount, Toolchain } from "./toolchain.ts";
