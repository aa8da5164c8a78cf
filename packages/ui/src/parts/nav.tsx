import { useEffect, useRef } from 'react'
import { useSelected } from '../state/observable.ts'
import { preferences, type Theme, useOwnNamespace } from '../state/preferences.ts'
import type { Route } from '../state/routes.ts'
import type { IconName } from './icon.tsx'
import { Icon } from './icon.tsx'
import { Link } from './link.tsx'

interface Place {
  readonly title: string
  readonly icon: IconName
  readonly to: (namespace: string) => string
  readonly holds: (route: Route) => boolean
}

const inNamespace = (path: string) => (namespace: string) =>
  namespace ? `${path}/${namespace}` : path

const ofKind = (kind: string) => (route: Route) =>
  (route.page === 'templates' || route.page === 'template') && route.kind === kind

const places: readonly Place[] = [
  {
    title: 'Runs',
    icon: 'list',
    to: inNamespace('workflows'),
    holds: ({ page }) => page === 'runs' || page === 'run',
  },
  { title: 'Submit', icon: 'plus', to: () => 'submit', holds: ({ page }) => page === 'submit' },
  {
    title: 'Templates',
    icon: 'file',
    to: inNamespace('workflow-templates'),
    holds: ofKind('workflow-templates'),
  },
  {
    title: 'Cluster templates',
    icon: 'globe',
    to: () => 'cluster-workflow-templates',
    holds: ofKind('cluster-workflow-templates'),
  },
  {
    title: 'Schedules',
    icon: 'clock',
    to: inNamespace('cron-workflows'),
    holds: ofKind('cron-workflows'),
  },
  {
    title: 'Event flow',
    icon: 'flow',
    to: inNamespace('event-flow'),
    holds: ({ page }) => page === 'event-flow',
  },
  {
    title: 'Archive',
    icon: 'box',
    to: inNamespace('archived-workflows'),
    holds: ({ page }) => page === 'archived',
  },
  {
    title: 'Settings',
    icon: 'person',
    to: () => 'settings',
    holds: ({ page }) => page === 'settings',
  },
]

/** The way to every page, at the left or, on narrow screens, at the top. */
export function Nav({ route }: { readonly route: Route }) {
  const namespace = useOwnNamespace()
  const nav = useRef<HTMLElement>(null)
  // On a narrow screen the way to this page may be outside of it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page is another place
  useEffect(() => {
    const current = nav.current?.querySelector('[aria-current]')
    current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [route])
  return (
    <nav className="nav" aria-label="Pages" ref={nav}>
      <Link to={inNamespace('workflows')(namespace)} className="brand">
        <img src="icon.svg" alt="" />
        <span>Argosy</span>
        <span className="unseen">runs</span>
      </Link>
      {places.map(({ title, icon, to, holds }) => (
        <Link key={title} to={to(namespace)} className="place" current={holds(route)}>
          <Icon name={icon} />
          {title}
        </Link>
      ))}
      <div className="end">
        <ThemeSwitch />
      </div>
    </nav>
  )
}

const themeOf = ({ theme }: { readonly theme: Theme }) => theme
const nextTheme: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' }

/** The system's colours, light or dark. */
function ThemeSwitch() {
  const theme = useSelected(preferences, themeOf)
  const turn = () => preferences.update((value) => ({ ...value, theme: nextTheme[theme] }))
  return (
    <button
      type="button"
      className="button"
      data-look="bare"
      onClick={turn}
      title={`Colours: ${theme}. Press for ${nextTheme[theme]}.`}
    >
      <Icon name="sun" />
      {theme === 'system' ? 'Auto' : theme === 'light' ? 'Light' : 'Dark'}
      <span className="unseen">colours</span>
    </button>
  )
}
