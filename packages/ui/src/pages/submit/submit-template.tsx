import type { Workflow } from '@argosy/engine'
import { type SyntheticEvent, useMemo, useState } from 'react'
import { segments, send } from '../../http/api.ts'
import { Blank } from '../../parts/blank.tsx'
import { Deed } from '../../parts/deed.tsx'
import { ParameterField } from '../../parts/parameter-field.tsx'
import { Prose } from '../../parts/prose.tsx'
import { tell } from '../../parts/toasts.tsx'
import { Unreadable } from '../../parts/unreadable.tsx'
import { useOwnNamespace } from '../../state/preferences.ts'
import { useRights } from '../../state/rights.ts'
import { navigate, useParam } from '../../state/router.ts'
import { runPath, type TemplateKind, templateKinds } from '../../state/routes.ts'
import { creating } from '../../state/run-actions.ts'
import {
  changedParameters,
  initialValue,
  problemOf,
  resourceKinds,
  type Stored,
  specOf,
} from '../../state/submission.ts'
import { useAnswer } from '../../state/use-answer.ts'

interface Choice {
  readonly key: string
  readonly kind: TemplateKind
  readonly stored: Stored
}

/** Choose a template, fill in what it asks for. */
export function SubmitTemplate() {
  const namespace = useOwnNamespace()
  const choices = useChoices(namespace)
  const [key = '', choose] = useParam('template')
  const chosen = choices.list.find((one) => one.key === key)
  const { error } = choices
  if (choices.loaded && choices.list.length === 0 && error) {
    return <Unreadable what="templates" error={error} again={choices.again} namespace={namespace} />
  }
  if (choices.loaded && choices.list.length === 0) {
    return (
      <Blank title="No templates to submit from">
        <p>Create a WorkflowTemplate, or submit a run from YAML.</p>
        <pre>argosy template create my-template.yaml</pre>
      </Blank>
    )
  }
  return (
    <div className="body">
      <div className="form stack">
        <div className="field">
          <label htmlFor="template">Template</label>
          <select
            id="template"
            className="input"
            value={key}
            onChange={({ target }) => choose(target.value)}
          >
            <option value="">choose…</option>
            {choices.list.map((one) => (
              <option key={one.key} value={one.key}>
                {one.stored.metadata.name} ({resourceKinds[one.kind]}
                {one.stored.metadata.namespace && ` in ${one.stored.metadata.namespace}`})
              </option>
            ))}
          </select>
        </div>
        {chosen && <Form key={key} choice={chosen} namespace={namespace} />}
      </div>
    </div>
  )
}

interface List {
  readonly items?: readonly Stored[] | null
}

function useChoices(namespace: string) {
  const own = useAnswer<List>(`workflow-templates/${segments(namespace)}`)
  const cluster = useAnswer<List>('cluster-workflow-templates')
  const crons = useAnswer<List>(`cron-workflows/${segments(namespace)}`)
  const answers = [own, cluster, crons]
  const list = templateKinds.flatMap((kind, index) =>
    (answers[index]?.value?.items ?? []).map(
      (stored): Choice => ({
        key: `${kind}/${stored.metadata.namespace ?? ''}/${stored.metadata.name}`,
        kind,
        stored,
      }),
    ),
  )
  return {
    list,
    loaded: answers.every(({ value, error }) => value ?? error),
    error: own.error,
    again: () => {
      for (const { again } of answers) again()
    },
  }
}

interface FormProps {
  readonly choice: Choice
  readonly namespace: string
}

function Form({ choice, namespace }: FormProps) {
  const { stored } = choice
  const parameters = useMemo(() => specOf(stored).arguments?.parameters ?? [], [stored])
  const [values, setValues] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(parameters.map((one) => [one.name, initialValue(one)])),
  )
  const [tried, setTried] = useState(false)
  const target = stored.metadata.namespace ?? (namespace || 'default')
  const wrong = parameters.some((one) => problemOf(one, values[one.name] ?? ''))
  const whyNot = useRights([{ namespace: target }])(creating, { namespace: target })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    setTried(true)
    if (!wrong) void submitFrom(choice, target, changedParameters(parameters, values))
  }
  const about = stored.metadata.annotations?.['workflows.argoproj.io/description']
  return (
    <form className="stack" onSubmit={submit}>
      {about && (
        <p className="quiet">
          <Prose text={about} />
        </p>
      )}
      {parameters.length === 0 && <p className="quiet">It asks for nothing.</p>}
      {parameters.map((parameter) => (
        <ParameterField
          key={parameter.name}
          parameter={parameter}
          value={values[parameter.name] ?? ''}
          problem={tried ? problemOf(parameter, values[parameter.name] ?? '') : undefined}
          change={(value) => setValues({ ...values, [parameter.name]: value })}
        />
      ))}
      <div className="row">
        <Deed look="main" type="submit" icon="play" whyNot={whyNot}>
          Submit to {target}
        </Deed>
        {tried && wrong && <span className="wrong">Some values are missing or wrong.</span>}
      </div>
    </form>
  )
}

async function submitFrom(
  { kind, stored }: Choice,
  namespace: string,
  parameters: readonly string[],
): Promise<void> {
  try {
    const made = await send<Workflow>('POST', `workflows/${segments(namespace)}/submit`, {
      namespace,
      resourceKind: resourceKinds[kind],
      resourceName: stored.metadata.name,
      submitOptions: { parameters },
    })
    tell('good', `${made.metadata.name} submitted`)
    navigate(runPath(namespace, made.metadata.name ?? ''))
  } catch (error) {
    tell('bad', error instanceof Error ? error.message : String(error))
  }
}
