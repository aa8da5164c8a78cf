import { lazy, Suspense } from 'react'
import { useParam } from '../../state/router.ts'
import { SubmitTemplate } from './submit-template.tsx'

const SubmitYaml = lazy(async () => {
  const { SubmitYaml: page } = await import('./submit-yaml.tsx')
  return { default: page }
})

/** A new run: from a template by filling in its parameters, or from a text. */
export function SubmitPage() {
  const [from, setFrom] = useParam('from')
  return (
    <>
      <header>
        <h1>Submit</h1>
        <div className="segments">
          <button type="button" aria-pressed={from !== 'yaml'} onClick={() => setFrom(undefined)}>
            From a template
          </button>
          <button type="button" aria-pressed={from === 'yaml'} onClick={() => setFrom('yaml')}>
            From YAML
          </button>
        </div>
      </header>
      {from === 'yaml' ? (
        <Suspense fallback={<div className="body" aria-busy="true" />}>
          <SubmitYaml />
        </Suspense>
      ) : (
        <SubmitTemplate />
      )}
    </>
  )
}
