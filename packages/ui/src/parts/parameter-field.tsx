import type { Parameter } from '@argosy/engine'
import { useId } from 'react'

interface ParameterFieldProps {
  readonly parameter: Parameter
  readonly value: string
  readonly change: (value: string) => void
  readonly problem?: string | undefined
}

/** One parameter: a choice when its values are listed, else text that grows with what is in it. */
export function ParameterField({ parameter, value, change, problem }: ParameterFieldProps) {
  const id = useId()
  const common = {
    id,
    className: 'input',
    value,
    'aria-invalid': problem !== undefined,
    'aria-describedby': `${id}-about`,
  }
  return (
    <div className="field">
      <label htmlFor={id}>{parameter.name}</label>
      {parameter.enum ? (
        <select {...common} onChange={({ target }) => change(target.value)}>
          {!parameter.enum.includes(value) && <option value={value}>{value || 'choose…'}</option>}
          {parameter.enum.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      ) : (
        <textarea
          {...common}
          rows={Math.min(8, value.split('\n').length)}
          spellCheck={false}
          onChange={({ target }) => change(target.value)}
        />
      )}
      <span id={`${id}-about`} className={problem ? 'wrong' : 'hint'}>
        {problem ?? parameter.description}
      </span>
    </div>
  )
}
