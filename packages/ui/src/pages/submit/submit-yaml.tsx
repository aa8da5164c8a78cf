import type { Workflow } from '@argosy/engine'
import { useEffect, useMemo, useState } from 'react'
import { segments, send } from '../../http/api.ts'
import { Deed } from '../../parts/deed.tsx'
import { Icon } from '../../parts/icon.tsx'
import { tell } from '../../parts/toasts.tsx'
import { YamlEditor } from '../../parts/yaml-editor.tsx'
import { useOwnNamespace } from '../../state/preferences.ts'
import { useRights } from '../../state/rights.ts'
import { navigate } from '../../state/router.ts'
import { runPath } from '../../state/routes.ts'
import { creating } from '../../state/run-actions.ts'
import { parseYaml, placeOf, type TextProblem } from '../../state/yaml-problems.ts'

const example = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata:
  generateName: hello-
spec:
  entrypoint: main
  arguments:
    parameters:
      - name: message
        value: hello
  templates:
    - name: main
      inputs:
        parameters:
          - name: message
      container:
        image: alpine
        command: [echo, "{{inputs.parameters.message}}"]
`

const pauseMs = 500

/** A run from a text; the server checks it while it is written. */
export function SubmitYaml() {
  const namespace = useOwnNamespace() || 'default'
  const [text, setText] = useState(example)
  const problems = useLint(text, namespace)
  const { value, problems: slips } = useMemo(() => parseYaml(text), [text])
  const target = namespaceOf(value, namespace)
  const whyNot = useRights([{ namespace: target }])
  const submit = () => void create(value as Workflow, namespace)
  return (
    <div className="submit-yaml">
      <YamlEditor initial={example} problems={problems} change={setText} />
      <section className="bar" aria-label="Check">
        <div className="grow stack tight" role="status">
          {problems.length === 0 && <span className="quiet">Nothing wrong found</span>}
          {problems.map(({ message, from }) => (
            <span key={message} className="problem">
              <Icon name="warn" />
              line {text.slice(0, from).split('\n').length}: {message}
            </span>
          ))}
        </div>
        <Deed
          look="main"
          icon="play"
          disabled={slips.length > 0}
          whyNot={whyNot(creating, { namespace: target })}
          act={submit}
        >
          Submit to {target}
        </Deed>
      </section>
    </div>
  )
}

/** What the text itself or, a moment after the last key, the server has against it. */
function useLint(text: string, namespace: string): readonly TextProblem[] {
  const [problems, setProblems] = useState<readonly TextProblem[]>([])
  useEffect(() => {
    let stale = false
    const timer = window.setTimeout(() => {
      void lint(text, namespace).then((found) => !stale && setProblems(found))
    }, pauseMs)
    return () => {
      stale = true
      window.clearTimeout(timer)
    }
  }, [text, namespace])
  return problems
}

async function lint(text: string, namespace: string): Promise<readonly TextProblem[]> {
  const { value, problems } = parseYaml(text)
  if (problems.length > 0) return problems
  try {
    await send('POST', `workflows/${segments(namespaceOf(value, namespace))}/lint`, {
      namespace,
      workflow: value,
    })
    return []
  } catch (error) {
    return [placeOf(text, error instanceof Error ? error.message : String(error))]
  }
}

async function create(workflow: Workflow, fallback: string): Promise<void> {
  const namespace = namespaceOf(workflow, fallback)
  try {
    const made = await send<Workflow>('POST', `workflows/${segments(namespace)}`, {
      namespace,
      workflow,
    })
    tell('good', `${made.metadata.name} submitted`)
    navigate(runPath(namespace, made.metadata.name ?? ''))
  } catch (error) {
    tell('bad', error instanceof Error ? error.message : String(error))
  }
}

function namespaceOf(value: unknown, fallback: string): string {
  return (value as Partial<Workflow> | null)?.metadata?.namespace ?? fallback
}
