import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { contractAsData } from './build/contract-as-data.ts';

export default defineConfig({
  root: import.meta.dirname,
  // Every path of the page ends at its index; the gateway decides which those are.
  base: '/',
  plugins: [contractAsData(), react(), tailwind()],
  build: {
    target: 'es2023',
    // Small images as data: would need a wider policy for fonts; everything is a file of its own.
    assetsInlineLimit: 0,
    // A list of what each part needs would be a part of the first load; on one host they come at once without.
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      // Schemas only build values: where nobody takes them, they go.
      treeshake: { manualPureFunctions: ['z', 'oc'] },
    },
  },
  // `vite dev` beside a running gateway: open the login link on this port.
  server: {
    port: 18_790,
    proxy: { '/api': process.env['REEVE_URL'] ?? 'http://127.0.0.1:18789' },
  },
});
