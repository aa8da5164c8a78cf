import type { Workflow, WorkflowTemplate } from '@argosy/engine'
import { useState } from 'react'
import { Ask } from '../../parts/ask.tsx'
import { ParameterField } from '../../parts/parameter-field.tsx'
import {
  askedParameters,
  changedParameters,
  initialValue,
  templatePathOf,
} from '../../state/submission.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { perform } from './perform.ts'

interface ResubmitDialogProps {
  readonly run: Workflow
  readonly onClose: () => void
}

/** The same again, or with other arguments. */
export function ResubmitDialog({ run, onClose }: ResubmitDialogProps) {
  const template = useAnswer<WorkflowTemplate>(templatePathOf(run)).value
  const parameters = askedParameters(run, template)
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const [memoized, setMemoized] = useState(false)
  const changed = changedParameters(parameters, values)
  const submit = () =>
    void perform({ name: 'resubmit', done: 'resubmitted' }, run, {
      memoized,
      ...(changed.length > 0 && { parameters: changed }),
    })
  return (
    <Ask title={`Resubmit ${run.metadata.name}`} yes="Resubmit" onYes={submit} onClose={onClose}>
      {parameters.length === 0 && <p className="quiet">It has no parameters to change.</p>}
      {parameters.map((parameter) => (
        <ParameterField
          key={parameter.name}
          parameter={parameter}
          value={values[parameter.name] ?? initialValue(parameter)}
          change={(value) => setValues({ ...values, [parameter.name]: value })}
        />
      ))}
      <label className="row">
        <input
          type="checkbox"
          checked={memoized}
          onChange={({ target }) => setMemoized(target.checked)}
        />
        Keep what succeeded
      </label>
    </Ask>
  )
}
