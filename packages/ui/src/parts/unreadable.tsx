import { ApiError } from '../http/api.ts'
import { managedNamespace } from '../state/access.ts'
import { useSelected } from '../state/observable.ts'
import { type Session, session, type UserInfo } from '../state/session.ts'
import { Blank } from './blank.tsx'
import { Link } from './link.tsx'

interface UnreadableProps {
  /** As `runs`: what was asked for. */
  readonly what: string
  readonly error: Error
  /** '': of all namespaces. Undefined: it belongs to none. */
  readonly namespace?: string
  /** Where the same is of one namespace, as `workflows`. */
  readonly page?: string
  readonly again?: () => void
  readonly alone?: boolean
}

/** Instead of what could not be read: why, and what helps. */
export function Unreadable(props: UnreadableProps) {
  const { what, error, namespace, page, again, alone = false } = props
  const user = useSelected(session, userOf)
  const status = error instanceof ApiError ? error.status : undefined
  if (status === 0) {
    return (
      <Blank alone={alone} title="The server does not answer">
        <p>
          It is asked again by itself. See whether it runs, and whether this machine reaches it.
        </p>
      </Blank>
    )
  }
  const own = user?.serviceAccountNamespace
  const managed = managedNamespace()
  // No rights lead out of the namespace that a server is for.
  const isForBinding = namespace === undefined ? managed === '' : namespace !== ''
  return (
    <Blank alone={alone} title={`The ${what} could not be read`}>
      <p>{error.message}</p>
      {status === 403 && namespace === '' && (
        <p>These are all namespaces: name one at the top that you may see.</p>
      )}
      {status === 403 && namespace === '' && page && own && (
        <Link to={`${page}/${encodeURIComponent(own)}`} className="button">
          The {what} in {own}
        </Link>
      )}
      {status === 403 && namespace === undefined && managed !== '' && (
        <p>This server is for the namespace {managed} alone.</p>
      )}
      {status === 403 && isForBinding && user && (
        <>
          <p>Whoever looks after the server can let you, for one:</p>
          <pre>{bindingFor(user, namespace)}</pre>
        </>
      )}
      {again && (
        <button type="button" className="button" onClick={again}>
          Try again
        </button>
      )}
    </Blank>
  )
}

const userOf = ({ user }: Session) => user

/** What gives somebody the right to look. */
function bindingFor(user: UserInfo, namespace: string | undefined): string {
  const { serviceAccountName, serviceAccountNamespace, subject = 'NAME' } = user
  const who = serviceAccountName
    ? `--serviceaccount=${serviceAccountNamespace}:${serviceAccountName}`
    : `--user=${subject}`
  const kind = namespace === undefined ? 'clusterrolebinding' : 'rolebinding'
  const where = namespace === undefined ? '' : ` --namespace=${namespace || managedNamespace()}`
  return `kubectl create ${kind} look --clusterrole=view ${who}${where}`
}
