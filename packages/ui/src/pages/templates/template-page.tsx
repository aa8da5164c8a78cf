import type { CronWorkflow } from '@argosy/engine'
import { useState } from 'react'
import { segments, send } from '../../http/api.ts'
import { Ask } from '../../parts/ask.tsx'
import { Deed, DeedLink } from '../../parts/deed.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Labels } from '../../parts/labels.tsx'
import { Link } from '../../parts/link.tsx'
import { ParametersTable } from '../../parts/parameters-table.tsx'
import { Prose } from '../../parts/prose.tsx'
import { tell } from '../../parts/toasts.tsx'
import { Unreadable } from '../../parts/unreadable.tsx'
import { YamlBlock } from '../../parts/yaml-block.tsx'
import { useRights } from '../../state/rights.ts'
import { navigate } from '../../state/router.ts'
import type { TemplateKind } from '../../state/routes.ts'
import { creating } from '../../state/run-actions.ts'
import { resourceKinds, type Stored, specOf } from '../../state/submission.ts'
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
  const isOfCluster = kind === 'cluster-workflow-templates'
  const path = `${kind}/${segments(...(isOfCluster ? [name] : [namespace, name]))}`
  const plural = kind.replaceAll('-', '')
  const place = { namespace, name }
  const whyNot = useRights([place])
  const { value, error, again } = useAnswer<Stored>(path)
  if (error) {
    return (
      <>
        <Unreadable
          alone
          what={`${kindTexts[kind].noun} ${name}`}
          error={error}
          again={again}
          {...(!isOfCluster && { namespace })}
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
          <Pause
            cron={value as CronWorkflow}
            whyNot={whyNot([['patch', plural]], place)}
            {...{ path, again }}
          />
        )}
        <DeedLink
          to={submitPath(kind, value.metadata)}
          icon="play"
          whyNot={namespace === '' ? undefined : whyNot(creating, place)}
        >
          Submit
        </DeedLink>
        <Remove {...{ name, path, kind }} whyNot={whyNot([['delete', plural]], place)} />
      </header>
      {kind === 'cron-workflows' && <CronStrips crons={[value]} namespace={namespace} />}
      <div className="body stack">
        <h2 className="unseen">What it is</h2>
        <About {...value.metadata} />
        <ParametersTable
          title="Parameters"
          parameters={specOf(value).arguments?.parameters ?? []}
        />
        <YamlBlock title="Manifest" value={{ ...typeOf(kind), ...value, status: undefined }} />
      </div>
    </>
  )
}

/** Argo's API need not say it of what it gives; who copies it needs it. */
function typeOf(kind: TemplateKind) {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: resourceKinds[kind] }
}

/** What its maker says of it; nothing where he says nothing. */
function About({ annotations = {}, labels = {} }: Stored['metadata']) {
  const title = annotations['workflows.argoproj.io/title']
  const description = annotations['workflows.argoproj.io/description']
  return (
    <>
      {title && (
        <p>
          <Prose text={title} />
        </p>
      )}
      {description && (
        <p className="quiet">
          <Prose text={description} />
        </p>
      )}
      {Object.keys(labels).length > 0 && <Labels labels={labels} />}
    </>
  )
}

interface PauseProps {
  readonly cron: CronWorkflow
  readonly path: string
  readonly again: () => void
  readonly whyNot: string | undefined
}

function Pause({ cron, path, again, whyNot }: PauseProps) {
  const act = cron.spec.suspend ? 'resume' : 'suspend'
  const turn = async () => {
    const { name, namespace } = cron.metadata
    await send('PUT', `${path}/${act}`, { name, namespace }).then(again, complain)
  }
  return (
    <Deed icon={cron.spec.suspend ? 'play' : 'pause'} whyNot={whyNot} act={() => void turn()}>
      {cron.spec.suspend ? 'Resume' : 'Suspend'}
    </Deed>
  )
}

interface RemoveProps {
  readonly name: string
  readonly path: string
  readonly kind: TemplateKind
  readonly whyNot: string | undefined
}

function Remove({ name, path, kind, whyNot }: RemoveProps) {
  const [asked, setAsked] = useState(false)
  const remove = () => void send('DELETE', path).then(() => navigate(kind), complain)
  return (
    <>
      <Deed icon="trash" whyNot={whyNot} act={() => setAsked(true)}>
        Delete
      </Deed>
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
