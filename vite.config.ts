/**
 * Builds the pages from renderer/ to out/renderer. The result is plain files for a strict content policy: no inline
 * script, no eval, nothing from another origin.
 */
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [vue()],
  define: { __VUE_OPTIONS_API__: 'false' },
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    // The polyfill would be an inline script, and data: URLs are refused by the content policy.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
