/** Names of variables that may be used in one place; a Set is one. */
export interface Scope {
  has(name: string): boolean
  keys(): Iterable<string>
}

/** A scope with a few more names, without copying it. */
export function layer(
  below: Scope,
  own: ReadonlySet<string>,
  also?: (name: string) => boolean,
): Scope {
  return {
    has: (name) => own.has(name) || below.has(name) || also?.(name) === true,
    keys: () => [...below.keys(), ...own],
  }
}
