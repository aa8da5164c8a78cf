import { useSyncExternalStore } from 'react'
import { Fact } from '../parts/fact.tsx'
import { Link } from '../parts/link.tsx'
import { LogoutButton } from '../parts/logout-button.tsx'
import { managedNamespace } from '../state/access.ts'
import { preferences, type Theme } from '../state/preferences.ts'
import { session, type UserInfo } from '../state/session.ts'

const themes: readonly (readonly [Theme, string])[] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
]

/** How the pages look, who is looking, and at what. */
export function SettingsPage() {
  const { theme } = useSyncExternalStore(preferences.subscribe, preferences.get)
  const { user, version, info, error } = useSyncExternalStore(session.subscribe, session.get)
  const choose = (next: Theme) => preferences.update((value) => ({ ...value, theme: next }))
  return (
    <>
      <header>
        <h1>Settings</h1>
      </header>
      <div className="body stack">
        <section className="stack tight">
          <h2>Colours</h2>
          <div className="row">
            <div className="segments">
              {themes.map(([one, title]) => (
                <button
                  key={one}
                  type="button"
                  aria-pressed={one === theme}
                  onClick={() => choose(one)}
                >
                  {title}
                </button>
              ))}
            </div>
          </div>
        </section>
        <Facts
          title="You"
          facts={user ? userFacts(user) : []}
          empty="The server does not say who you are."
        />
        <LogoutButton />
        <Facts
          title="The server"
          facts={serverFacts(version ?? {})}
          empty={error ?? 'The server does not say what it is.'}
        />
        {(info?.links ?? []).length > 0 && (
          <section className="stack tight">
            <h2>Links</h2>
            <ul>
              {(info?.links ?? []).map(({ name, url }) => (
                <li key={name}>
                  <a href={url} rel="noreferrer">
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </section>
        )}
        <section className="stack tight">
          <h2>For programs</h2>
          <p className="quiet">This server’s API is Argo’s.</p>
          <div className="row">
            <Link to="apidocs" className="button">
              What its endpoints take and give
            </Link>
          </div>
        </section>
        <Keys />
      </div>
    </>
  )
}

/** Of what upstream's servers tell of themselves, what is meant for people. */
function serverFacts(version: Readonly<Record<string, string>>) {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Version', version['version']],
    ['Commit', version['gitCommit']],
    ['Runs on', [version['goVersion'], version['platform']].filter(Boolean).join(', ')],
    ['Namespace', managedNamespace()],
  ]
  return facts.flatMap(([title, value]) => (value ? [[title, value] as const] : []))
}

function userFacts(user: UserInfo): readonly (readonly [string, string])[] {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Name', user.name ?? user.preferredUsername ?? user.subject],
    ['Subject', user.name || user.preferredUsername ? user.subject : undefined],
    ['Email', user.email],
    ['Groups', user.groups?.join(', ')],
    ['Service account', accountOf(user)],
    ['Issuer', user.issuer],
  ]
  return facts.flatMap(([title, value]) => (value ? [[title, value] as const] : []))
}

/** As whom one acts. */
function accountOf({ serviceAccountName: name, serviceAccountNamespace: namespace }: UserInfo) {
  return name && namespace ? `${name} in ${namespace}` : name
}

interface FactsProps {
  readonly title: string
  readonly facts: readonly (readonly [string, string])[]
  readonly empty: string
}

function Facts({ title, facts, empty }: FactsProps) {
  return (
    <section className="stack tight">
      <h2>{title}</h2>
      {facts.length === 0 && <p className="quiet">{empty}</p>}
      <dl className="facts">
        {facts.map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </dl>
    </section>
  )
}

const keys = [
  ['/', 'Search'],
  ['↑ ↓ or k j', 'Move in a list'],
  ['Enter', 'Open'],
  ['x', 'Choose a run'],
  ['← ↑ → ↓', 'Move in the graph, from a step'],
  ['Escape', 'Close the panel, a question, empty the search'],
] as const

function Keys() {
  return (
    <section className="stack tight">
      <h2>Keys</h2>
      <dl className="facts">
        {keys.map(([key, what]) => (
          <Fact key={key} name={<code>{key}</code>}>
            {what}
          </Fact>
        ))}
      </dl>
    </section>
  )
}
