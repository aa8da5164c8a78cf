import { useEffect } from 'react'
import { RunPage } from './pages/run/run-page.tsx'
import { RunsPage } from './pages/runs/runs-page.tsx'
import { Blank } from './parts/blank.tsx'
import { Link } from './parts/link.tsx'
import { Nav } from './parts/nav.tsx'
import { Toasts } from './parts/toasts.tsx'
import { usePlace } from './state/router.ts'
import { type Route, routeOf } from './state/routes.ts'

export function App() {
  const { path } = usePlace()
  const route = routeOf(path)
  const title = titleOf(route)
  useEffect(() => {
    document.title = `${title} · Argosy`
  }, [title])
  return (
    <div className="shell">
      <button type="button" className="skip button" onClick={toMain}>
        Skip to the page
      </button>
      <Nav route={route} />
      <main id="main" tabIndex={-1} className="page" key={path}>
        <Page route={route} />
      </main>
      <Toasts />
    </div>
  )
}

function toMain() {
  document.getElementById('main')?.focus()
}

function Page({ route }: { readonly route: Route }) {
  switch (route.page) {
    case 'runs':
      return <RunsPage namespace={route.namespace} />
    case 'run':
      return <RunPage namespace={route.namespace} name={route.name} />
    default:
      return (
        <Blank title="There is no such page">
          <Link to="workflows" className="button">
            All runs
          </Link>
        </Blank>
      )
  }
}

function titleOf(route: Route): string {
  switch (route.page) {
    case 'runs':
      return 'Runs'
    case 'run':
    case 'template':
      return route.name
    case 'submit':
      return 'Submit'
    case 'archived':
      return 'Archive'
    case 'settings':
      return 'Settings'
    case 'templates':
      return kindTitles[route.kind]
    case 'unknown':
      return 'Not found'
  }
}

const kindTitles = {
  'workflow-templates': 'Templates',
  'cluster-workflow-templates': 'Cluster templates',
  'cron-workflows': 'Schedules',
} as const
