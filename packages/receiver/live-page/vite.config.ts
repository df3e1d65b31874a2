import { defineConfig } from "vite"

export default defineConfig({
  base: "/live/",
  build: {
    outDir: "../dist/live-page",
    emptyOutDir: true,
    target: "es2022",
    // The Content-Security-Policy of the receiver allows files only.
    assetsInlineLimit: 0,
    modulePreload: false,
  },
})
