import { authModes, logout } from '../state/access.ts'

/** Where everybody is let in there is nothing to leave. */
export function LogoutButton() {
  if (authModes().every((mode) => mode === 'server')) return null
  return (
    <div className="row">
      <button type="button" className="button" onClick={() => void logout()}>
        Log out
      </button>
    </div>
  )
}
