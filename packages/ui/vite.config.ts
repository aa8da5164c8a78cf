import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Addresses are relative: `<base href>` says where the server is. */
export default defineConfig({
  base: './',
  plugins: [react()],
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 900,
    license: { fileName: 'THIRD-PARTY-LICENSES.md' },
  },
  // While developing: an `argosy server` on its own port.
  server: { proxy: { '/api': { target: 'https://127.0.0.1:2746', secure: false } } },
})
