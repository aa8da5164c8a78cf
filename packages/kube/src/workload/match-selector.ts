import { type JsonObject, matchesLabelSelector } from '@argosy/engine'

/** `metav1.LabelSelector`. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly {
    readonly key: string
    readonly operator: string
    readonly values?: readonly string[]
  }[]
}

type Labels = Readonly<Record<string, string>>

/** Whether labels satisfy a selector object; no selector selects nothing, an empty one everything. */
export function matchSelector(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
  return selector !== undefined && matchesLabelSelector({ ...selector } as JsonObject, labels)
}
