interface ChoiceProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly (readonly [value: T, title: string])[]
  readonly choose: (value: T) => void
}

/** One of a few, as narrow as its longest word. */
export function Choice<T extends string>({ label, value, options, choose }: ChoiceProps<T>) {
  return (
    <select
      className="input narrow"
      aria-label={label}
      value={value}
      onChange={({ target }) => {
        const found = options.find(([one]) => one === target.value)
        if (found) choose(found[0])
      }}
    >
      {options.map(([one, title]) => (
        <option key={one} value={one}>
          {title}
        </option>
      ))}
    </select>
  )
}
