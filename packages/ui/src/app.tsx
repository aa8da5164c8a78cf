import { useEffect } from 'react'
import { ApiDocsPage } from './pages/api-docs-page.tsx'
import { ArchivedPage } from './pages/archived-page.tsx'
import { EventFlowPage } from './pages/event-flow/event-flow-page.tsx'
import { LoginPage } from './pages/login-page.tsx'
import { RunPage } from './pages/run/run-page.tsx'
import { RunsPage } from './pages/runs/runs-page.tsx'
import { SettingsPage } from './pages/settings-page.tsx'
import { SubmitPage } from './pages/submit/submit-page.tsx'
import { kindTexts } from './pages/templates/kind-texts.ts'
import { TemplatePage } from './pages/templates/template-page.tsx'
import { TemplatesPage } from './pages/templates/templates-page.tsx'
import { Blank } from './parts/blank.tsx'
import { Guard } from './parts/guard.tsx'
import { Link } from './parts/link.tsx'
import { Nav } from './parts/nav.tsx'
import { Toasts } from './parts/toasts.tsx'
import { managedNamespace } from './state/access.ts'
import { useSelected } from './state/observable.ts'
import { usePlace } from './state/router.ts'
import { type Route, routeOf, withinNamespace } from './state/routes.ts'
import { type Session, session } from './state/session.ts'

export function App() {
  const { path, search } = usePlace()
  const route = withinNamespace(routeOf(path), managedNamespace())
  const refused = useSelected(session, refusedOf)
  const title = refused ? 'Log in' : titleOf(route)
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
        <Guard>{refused ? <LoginPage path={path + search} /> : <Page route={route} />}</Guard>
      </main>
      <Toasts />
    </div>
  )
}

const refusedOf = ({ refused }: Session) => refused

function toMain() {
  document.getElementById('main')?.focus()
}

function Page({ route }: { readonly route: Route }) {
  switch (route.page) {
    case 'runs':
      return <RunsPage namespace={route.namespace} />
    case 'run':
      return <RunPage namespace={route.namespace} name={route.name} />
    case 'submit':
      return <SubmitPage />
    case 'templates':
      return <TemplatesPage kind={route.kind} namespace={route.namespace} />
    case 'template':
      return <TemplatePage kind={route.kind} namespace={route.namespace} name={route.name} />
    case 'archived':
      return <ArchivedPage namespace={route.namespace} />
    case 'event-flow':
      return <EventFlowPage namespace={route.namespace} chosen={route.chosen} />
    case 'settings':
      return <SettingsPage />
    case 'login':
      return <LoginPage path="" />
    case 'api-docs':
      return <ApiDocsPage />
    case 'unknown':
      return (
        <Blank alone title="There is no such page">
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
    case 'event-flow':
      return 'Event flow'
    case 'settings':
      return 'Settings'
    case 'login':
      return 'Log in'
    case 'api-docs':
      return 'API'
    case 'templates':
      return kindTexts[route.kind].title
    case 'unknown':
      return 'Not found'
  }
}
