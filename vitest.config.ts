/**
 * The price of a test is in its name: `*.test.ts` is fast and needs nothing but Node; `*.ssh.test.ts` wants a real
 * SSH server, `*.journey.test.ts` a browser, `*.slow.test.ts` a virtual machine, `*.desktop.test.ts` Electron's runtime.
 */
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

const priced = ['ssh', 'journey', 'slow', 'desktop'];

export default defineConfig({
  plugins: [vue()],
  test: {
    passWithNoTests: true,
    // Many tests wait for shells, servers and deadlines: no core is left out.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          // Some start whole processes, on machines that have other work.
          testTimeout: 30_000,
          exclude: ['tests/renderer/**', ...priced.map((price) => `tests/**/*.${price}.test.ts`)],
        },
      },
      {
        extends: true,
        test: { name: 'pages', include: ['tests/renderer/**/*.test.ts'], environment: 'happy-dom' },
      },
      ...priced.map((price) => ({
        extends: true as const,
        test: {
          name: price,
          include: [`tests/**/*.${price}.test.ts`],
          // These start servers, browsers and machines: one file at a time, with time to boot.
          fileParallelism: false,
          testTimeout: price === 'slow' ? 300_000 : 60_000,
          hookTimeout: price === 'slow' ? 600_000 : 60_000,
        },
      })),
    ],
  },
});
