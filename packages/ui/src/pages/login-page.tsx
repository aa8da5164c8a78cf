import { type FormEvent, useId, useState, useSyncExternalStore } from 'react'
import { authModes, login, logout, ssoHref } from '../state/access.ts'
import { navigate } from '../state/router.ts'
import { session } from '../state/session.ts'

/** How to become known to the server; `path` is where one wanted to go. */
export function LoginPage({ path }: { readonly path: string }) {
  const { refused } = useSyncExternalStore(session.subscribe, session.get)
  const modes = authModes()
  const why = typeof refused === 'object' ? refused.why : undefined
  return (
    <>
      <header>
        <h1>Log in</h1>
      </header>
      <div className="body stack login">
        {why !== undefined && <NoRights why={why} />}
        {modes.includes('sso') && why === undefined && (
          <section className="stack tight">
            <h2>Single sign-on</h2>
            <p className="quiet">Your organisation’s page asks who you are, and leads back here.</p>
            <div className="row">
              <a className="button" data-look="main" href={ssoHref(path)}>
                Log in
              </a>
            </div>
          </section>
        )}
        {modes.includes('client') && <TokenForm path={path} />}
        {modes.includes('server') && (
          <p>Everybody is let in here: there is nothing to log in to.</p>
        )}
      </div>
    </>
  )
}

/** Known, and nobody gave him rights: he can tell an administrator what is missing. */
function NoRights({ why }: { readonly why: string }) {
  return (
    <section className="stack tight" role="alert">
      <h2>You are logged in, and may do nothing here yet</h2>
      <p>
        <code>{why}</code>
      </p>
      <p className="quiet">
        An administrator can write a rule for you: the annotation{' '}
        <code>workflows.argoproj.io/rbac-rule</code> of a service account.
      </p>
      <div className="row">
        <button type="button" className="button" onClick={() => void logout()}>
          Log out
        </button>
      </div>
    </section>
  )
}

function TokenForm({ path }: { readonly path: string }) {
  const id = useId()
  const [token, setToken] = useState('')
  const [problem, setProblem] = useState<string>()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const wrong = await login(token.trim()).catch((error: Error) => error.message)
    setProblem(wrong)
    if (wrong === undefined) navigate(path === 'login' ? '' : path, 'replace')
  }
  return (
    <form className="stack tight" onSubmit={(event) => void submit(event)}>
      <h2>With a token</h2>
      <label htmlFor={id} className="quiet">
        A token of Kubernetes, as <code>argosy auth token</code> or{' '}
        <code>kubectl create token ACCOUNT</code> prints it.
      </label>
      <textarea
        className="input"
        id={id}
        rows={4}
        spellCheck={false}
        autoComplete="off"
        value={token}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        onChange={(event) => setToken(event.target.value)}
      />
      {problem !== undefined && (
        <p id={`${id}-problem`} role="alert" className="problem">
          {problem}
        </p>
      )}
      <div className="row">
        <button type="submit" className="button" data-look="main" disabled={token.trim() === ''}>
          Log in
        </button>
      </div>
    </form>
  )
}
