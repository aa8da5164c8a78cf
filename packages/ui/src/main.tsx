import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { watchConnection } from './http/connection.ts'
import { startPreferences } from './state/preferences.ts'
import { startRouter } from './state/router.ts'
import { loadSession } from './state/session.ts'

const root = document.getElementById('root')
if (root) {
  startPreferences()
  startRouter()
  watchConnection()
  void loadSession()
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
