import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { leanAntd } from './tools/vite-lean-antd.ts'
import { precompress } from './tools/vite-precompress.ts'

/** The browser program: `index.html` → `dist/web`. In development the API of a running server is at `PORT`. */
export default defineConfig({
  plugins: [react(), leanAntd(), precompress()],
  build: {
    outDir: 'dist/web',
    emptyOutDir: true,
    // 360 and UOS browsers stand on Chromium 90 and later.
    target: ['chrome90', 'firefox90', 'safari15'],
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
  server: {
    port: 5173,
    proxy: { '/api': `http://127.0.0.1:${process.env.PORT ?? '8080'}` },
  },
})
