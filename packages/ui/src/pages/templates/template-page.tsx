import type { CronWorkflow } from '@argosy/engine'
import { useState } from 'react'
import { segments, send } from '../../http/api.ts'
import { Ask } from '../../parts/ask.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Labels } from '../../parts/labels.tsx'
import { Link } from '../../parts/link.tsx'
import { ParametersTable } from '../../parts/parameters-table.tsx'
import { tell } from '../../parts/toasts.tsx'
import { Unreadable } from '../../parts/unreadable.tsx'
import { YamlBlock } from '../../parts/yaml-block.tsx'
import { navigate } from '../../state/router.ts'
import type { TemplateKind } from '../../state/routes.ts'
import { type Stored, specOf } from '../../state/submission.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { CronStrips } from '../cron/cron-strips.tsx'
import { kindTexts } from './kind-texts.ts'
import { submitPath } from './templates-page.tsx'

interface TemplatePageProps {
  readonly kind: TemplateKind
  readonly namespace: string
  readonly name: string
}

/** One template or schedule: what it asks for, how it reads, and the way to its runs. */
export function TemplatePage({ kind, namespace, name }: TemplatePageProps) {
  const place = kind === 'cluster-workflow-templates' ? [name] : [namespace, name]
  const path = `${kind}/${segments(...place)}`
  const { value, error, again } = useAnswer<Stored>(path)
  if (error) {
    return (
      <>
        <Unreadable
          alone
          what={`${kindTexts[kind].noun} ${name}`}
          error={error}
          again={again}
          {...(kind !== 'cluster-workflow-templates' && { namespace })}
        />
        <p className="row centered">
          <Link to={kind}>{kindTexts[kind].title}</Link>
        </p>
      </>
    )
  }
  if (!value) return <div className="body" aria-busy="true" />
  const label = `${kindTexts[kind].label}=${name}`
  return (
    <>
      <header>
        <div className="run-title">
          <p className="quiet">
            <Link to={kind}>{kindTexts[kind].title}</Link>
            {namespace && (
              <>
                {' / '}
                <Link to={`${kind}/${namespace}`}>{namespace}</Link>
              </>
            )}
          </p>
          <h1>{name}</h1>
        </div>
        <span className="grow" />
        <Link to={`workflows/${namespace}?label=${encodeURIComponent(label)}`} className="button">
          <Icon name="list" />
          Its runs
        </Link>
        {kind === 'cron-workflows' && (
          <Pause cron={value as CronWorkflow} path={path} again={again} />
        )}
        <Link to={submitPath(kind, value.metadata)} className="button">
          <Icon name="play" />
          Submit
        </Link>
        <Remove name={name} path={path} kind={kind} />
      </header>
      {kind === 'cron-workflows' && <CronStrips crons={[value]} namespace={namespace} />}
      <div className="body stack">
        <h2 className="unseen">What it is</h2>
        <About {...value.metadata} />
        <ParametersTable
          title="Parameters"
          parameters={specOf(value).arguments?.parameters ?? []}
        />
        <YamlBlock title="Manifest" value={{ ...value, status: undefined }} />
      </div>
    </>
  )
}

/** What its maker says of it; nothing where he says nothing. */
function About({ annotations = {}, labels = {} }: Stored['metadata']) {
  const title = annotations['workflows.argoproj.io/title']
  const description = annotations['workflows.argoproj.io/description']
  return (
    <>
      {title && <p>{title}</p>}
      {description && <p className="quiet">{description}</p>}
      {Object.keys(labels).length > 0 && <Labels labels={labels} />}
    </>
  )
}

interface PauseProps {
  readonly cron: CronWorkflow
  readonly path: string
  readonly again: () => void
}

function Pause({ cron, path, again }: PauseProps) {
  const act = cron.spec.suspend ? 'resume' : 'suspend'
  const turn = async () => {
    const { name, namespace } = cron.metadata
    await send('PUT', `${path}/${act}`, { name, namespace }).then(again, complain)
  }
  return (
    <button type="button" className="button" onClick={() => void turn()}>
      <Icon name={cron.spec.suspend ? 'play' : 'pause'} />
      {cron.spec.suspend ? 'Resume' : 'Suspend'}
    </button>
  )
}

interface RemoveProps {
  readonly name: string
  readonly path: string
  readonly kind: TemplateKind
}

function Remove({ name, path, kind }: RemoveProps) {
  const [asked, setAsked] = useState(false)
  const remove = () => void send('DELETE', path).then(() => navigate(kind), complain)
  return (
    <>
      <button type="button" className="button" onClick={() => setAsked(true)}>
        <Icon name="trash" />
        Delete
      </button>
      {asked && (
        <Ask
          title={`Delete ${name}?`}
          yes="Delete"
          danger
          onYes={remove}
          onClose={() => setAsked(false)}
        >
          <p>Runs that were made from it stay.</p>
        </Ask>
      )}
    </>
  )
}

function complain(error: Error): void {
  tell('bad', error.message)
}
