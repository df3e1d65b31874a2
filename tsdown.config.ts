import type { UserConfig } from "tsdown"

export type { UserConfig }

/**
 * How every package here is built: ESM and CommonJS with types for both, checked by publint and "are the types
 * wrong". A package's own tsdown.config.ts states only what differs.
 */
export function packageConfig(differences: UserConfig = {}): UserConfig {
  return {
    entry: ["src/index.ts"],
    format: ["esm", "cjs"],
    target: "es2022",
    platform: "neutral",
    outputOptions: { exports: "named" },
    dts: true,
    clean: true,
    publint: true,
    attw: { profile: "strict", level: "error" },
    ...differences,
  }
}
